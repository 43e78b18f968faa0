"""IT's page followed word by word in a fresh Debian system, with a certificate of its own: proxies, and none.

Where the page says systemctl, what the unit starts is started: a chroot has no service manager. Names and ports
are those of the page, in a network of the test's own.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from installer.packing.product import CLIENT, COLLECTOR, ROOT, version
from tests.lab.debian_root import DebianRoot, fresh_root

pytestmark = [
    pytest.mark.long,
    pytest.mark.timeout(1200),
    pytest.mark.skipif(sys.platform != "linux", reason="packages of Linux"),
]
PAGE = (ROOT / "resources" / "docs" / "it.md").read_text("utf-8")
BLOCKS = [block.splitlines() for block in re.findall(r"```\n(.*?)```", PAGE, re.DOTALL)]
SERVE = (
    "setpriv --reuid motesklar-collector --regid motesklar-collector --init-groups "
    "--inh-caps +net_bind_service --ambient-caps +net_bind_service readiness-collector serve > /tmp/served 2>&1 &"
)
"""What the unit starts: as its user, who may take a port below 1024."""
ANSWERED = (
    "for i in $(seq 100); do curl -fsS https://moten.example.se/api/v1/health && break; sleep 0.3; done"
)


def said(beginning: str) -> str:
    """The line of the page that begins so, without what it explains."""
    (line,) = {line for block in BLOCKS for line in block if line.startswith(beginning)}
    return line.partition("  #")[0].rstrip()


@pytest.fixture(scope="module")
def server(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DebianRoot]:
    folder = tmp_path_factory.mktemp("page") / "root"
    root = fresh_root(folder)
    try:
        root.run("apt-get", "-y", "-qq", "install", "--no-install-recommends", "sudo", "curl", "nginx-light")
        root.run("useradd", "--create-home", "anna")
        for name in (CLIENT, COLLECTOR):
            shutil.copy(built / f"{name}_{version()}_amd64.deb", folder)
        packages = said("apt install ./motesklar-collector_0.1.0_amd64.deb caddy").replace("0.1.0", version())
        root.run("sh", "-ec", f"cd / && {packages.replace('apt', 'apt-get -y -qq', 1)}")
        root.run("sh", "-ec", f"cd / && apt-get -y -qq install ./{CLIENT}_{version()}_amd64.deb")
        name = ("-subj", "/CN=moten.example.se", "-addext", "subjectAltName=DNS:moten.example.se")
        keys = folder / "etc" / "motesklar"
        subprocess.run(
            [
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-days",
                "2",
                *name,
                "-keyout",
                keys / "key.pem",
                "-out",
                keys / "chain.pem",
            ],
            check=True,
            capture_output=True,
        )
        # What the organisation has done: its computers trust the certificate.
        shutil.copy(keys / "chain.pem", folder / "usr/local/share/ca-certificates/organisation.crt")
        root.run("update-ca-certificates")
        with (folder / "etc" / "hosts").open("a") as hosts:
            hosts.write("127.0.0.1 localhost moten.example.se\n")
        yield root
    finally:
        shutil.rmtree(folder)


def followed(root: DebianRoot, *lines: str) -> dict[str, object]:
    """Do `lines` in a network with nothing else in it, then the rest of the page; what a check answered."""
    check = (
        "runuser -u anna -- env READINESS_COLLECTOR_URL=https://moten.example.se READINESS_ENROLMENT_KEY=$key"
    )
    rest = [
        ANSWERED,
        said("sudo -u motesklar-collector readiness-collector user add"),
        said("curl https://moten.example.se"),
        f"key=$({said('sudo -u motesklar-collector readiness-collector key new')})",
        f"{check} HOME=/home/anna readiness check --unattended --submit --json --only connection,media_path"
        " > /tmp/checked || true",
    ]
    script = "\n".join([*lines, *rest])
    alone = ["unshare", "--net", "sh", "-ec", 'ip link set lo up; exec "$@"', "sh"]
    done = subprocess.run(
        [*alone, *root.command(["sh", "-ec", script])],
        env=root.surroundings("root"),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
    )
    served = (root.folder / "tmp" / "served").read_text()
    assert done.returncode == 0, f"{done.stdout}{done.stderr}{served}"
    answer: dict[str, object] = json.loads((root.folder / "tmp" / "checked").read_text())
    root.run("sh", "-ec", "rm -rf /var/lib/motesklar/* /home/anna/.local /home/anna/.config")
    return answer


def is_whole(answer: dict[str, object]) -> None:
    """The report was taken, and the line was measured past the proxy."""
    assert answer["delivery"]["state"] == "delivered", answer["delivery"]  # type: ignore[index]
    results = {result["check_id"]: result for result in answer["results"]}  # type: ignore[attr-defined]
    assert results["connection"]["evidence"]["collector_answers"] is True
    media = results["media_path"]
    assert media["ending"] == "COMPLETED", media["reason"]
    assert media["evidence"]["udp_answers"] is True
    assert media["evidence"]["packets_received_up"] > 100


def test_caddy(server: DebianRoot):
    own = "sed -i '1a\\\ttls /etc/motesklar/chain.pem /etc/motesklar/key.pem' /etc/caddy/Caddyfile"
    caddy = "caddy run --config /etc/caddy/Caddyfile > /tmp/caddy 2>&1 &"
    is_whole(followed(server, SERVE, said("printf"), own, caddy))


def test_the_whole_example_for_caddy(server: DebianRoot):
    example = (ROOT / "installer" / "linux" / "Caddyfile").read_text()
    (server.folder / "etc" / "caddy" / "Caddyfile").write_text(
        example.replace("{\n", "{\n\ttls /etc/motesklar/chain.pem /etc/motesklar/key.pem\n", 1)
    )
    is_whole(followed(server, SERVE, "caddy run --config /etc/caddy/Caddyfile > /tmp/caddy 2>&1 &"))


def test_nginx(server: DebianRoot):
    shutil.copy(
        ROOT / "installer" / "linux" / "nginx.conf",
        server.folder / "etc" / "nginx" / "conf.d" / "motesklar.conf",
    )
    is_whole(followed(server, SERVE, "nginx -t", "nginx"))


def test_its_own_certificate_without_a_proxy(server: DebianRoot):
    """The file as the page says to write it, with an editor in place of sed."""
    stated = re.search(r'nano .*?# (host = "0\.0\.0\.0", port = 443, tls_certificate, tls_key)', PAGE)
    assert stated
    edits = [
        's/^host = "127.0.0.1"/host = "0.0.0.0"/',
        "s/^port = 8470/port = 443/",
        "s/^# tls_certificate/tls_certificate/",
        "s/^# tls_key/tls_key/",
    ]
    nano = "sed -i " + " ".join(f"-e '{edit}'" for edit in edits) + " /etc/motesklar/collector.toml"
    is_whole(followed(server, said("chown root:motesklar-collector"), nano, SERVE))
