# Intune, Remediations: detection. Exit 1: there is an issue; what is printed is one line of at most
# 2048 characters without the name of a person, a computer or a device. Opens neither camera nor microphone.
# In Intune: "Run this script using the logged-on credentials: Yes", "Run script in 64-bit PowerShell: Yes".
$ErrorActionPreference = 'Stop'
try {
    $folder = Join-Path $env:ProgramFiles 'Motesklar'
    $own = Join-Path $folder 'readiness.exe'
    $python = Join-Path $folder 'python.exe'
    # Windows PowerShell 5.1 makes an error of every line that a program writes to its error output where
    # that is redirected; 'Stop' would end the script at the first word of ours to people.
    $ErrorActionPreference = 'Continue'
    if (Test-Path -LiteralPath $own) {
        $said = & $own recheck --summary 2>$null
    } elseif (Test-Path -LiteralPath $python) {
        $said = & $python -B -m readiness recheck --summary 2>$null
    } else {
        Write-Output 'Motesklar state=not_installed'
        exit 1
    }
    $status = $LASTEXITCODE
    $line = (($said | Select-Object -Last 1) -as [string])
    if (-not $line) { $line = "Motesklar state=no_answer status=$status" }
    if ($line.Length -gt 2048) { $line = $line.Substring(0, 2048) }
    Write-Output $line
    if ($status -eq 0) { exit 0 }
    exit 1
} catch {
    Write-Output "Motesklar state=failed fault=$($_.Exception.GetType().Name)"
    exit 1
}
