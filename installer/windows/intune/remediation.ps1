# Intune, Remediations: remediation. A camera cannot be repaired from afar: this asks the person to test,
# once for the same changes, and sends the reports that wait. Opens neither camera nor microphone.
# In Intune: "Run this script using the logged-on credentials: Yes", "Run script in 64-bit PowerShell: Yes".
$ErrorActionPreference = 'Stop'
try {
    $folder = Join-Path $env:ProgramFiles 'Motesklar'
    $own = Join-Path $folder 'readiness.exe'
    $python = Join-Path $folder 'python.exe'
    if (Test-Path -LiteralPath $own) {
        $program = $own
        $before = @()
    } elseif (Test-Path -LiteralPath $python) {
        $program = $python
        $before = @('-B', '-m', 'readiness')
    } else {
        Write-Output 'Motesklar state=not_installed'
        exit 1
    }
    # Windows PowerShell 5.1 makes an error of every line that a program writes to its error output where
    # that is redirected; 'Stop' would end the script at the first word of ours to people.
    $ErrorActionPreference = 'Continue'
    & $program @before outbox send *> $null
    $said = & $program @before recheck --notify --summary 2>$null
    $line = (($said | Select-Object -Last 1) -as [string])
    if (-not $line) {
        Write-Output "Motesklar state=no_answer status=$LASTEXITCODE"
        exit 1
    }
    if ($line.Length -gt 2048) { $line = $line.Substring(0, 2048) }
    Write-Output $line
    exit 0
} catch {
    Write-Output "Motesklar state=failed fault=$($_.Exception.GetType().Name)"
    exit 1
}
