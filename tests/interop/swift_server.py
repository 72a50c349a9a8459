"""OpenStack Swift with its S3 interface as a fixture: a store that verifies signatures, written by others."""
import os
import pathlib
import subprocess
import time
import urllib.error
import urllib.request

import pytest

from moto_server import free_port

HERE = pathlib.Path(__file__).resolve().parent
REGION = "eu-west-1"
KEY_ID, SECRET = "test:tester", "testing"  # the access key has a colon, as Swift's users have
STORAGE = """[DEFAULT]
devices = {folder}/devices
mount_check = false
bind_ip = 127.0.0.1
bind_port = {port}
workers = 0
user = {user}
swift_dir = {folder}
recon_cache_path = {folder}
fallocate_reserve = 0
[pipeline:main]
pipeline = {name}-server
[app:{name}-server]
use = egg:swift#{name}
"""
PROXY = """[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {port}
workers = 0
user = {user}
swift_dir = {folder}
[pipeline:main]
pipeline = catch_errors cache s3api tempauth copy slo dlo proxy-server
[app:proxy-server]
use = egg:swift#proxy
allow_account_management = true
account_autocreate = true
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:9
[filter:s3api]
use = egg:swift#s3api
location = {region}
[filter:tempauth]
use = egg:swift#tempauth
user_test_tester = testing .admin
[filter:copy]
use = egg:swift#copy
[filter:slo]
use = egg:swift#slo
[filter:dlo]
use = egg:swift#dlo
"""


def installed():
    """The folder that swift_install.sh filled; made when it is missing."""
    folder = pathlib.Path(os.environ["ICECAT_BUILD_DIR"]).resolve().parent / "swift"
    done = subprocess.run([HERE / "swift_install.sh", folder], capture_output=True, text=True)
    if done.returncode != 0:
        pytest.skip(f"Swift cannot be unpacked into {folder}: {done.stderr.strip()[-300:]}")
    return folder / "root"


class SwiftServer:
    """Three storage servers and a proxy on free ports; ended by their pids."""

    def __init__(self, folder):
        root = installed()
        self.folder = folder
        self.processes = []
        libraries = [str(path.parent) for path in root.glob("usr/lib/*/liberasurecode.so.1")]
        self.env = {"PATH": os.environ["PATH"], "HOME": str(folder),
                    "PYTHONPATH": str(root / "usr/lib/python3/dist-packages"),
                    "LD_LIBRARY_PATH": ":".join(libraries)}
        self.log = open(folder / "log", "wb")
        (folder / "devices" / "d1").mkdir(parents=True)
        (folder / "swift.conf").write_text(
            "[swift-hash]\nswift_hash_path_prefix = a\nswift_hash_path_suffix = b\n"
            "[storage-policy:0]\nname = p0\ndefault = yes\n")
        ports = {name: free_port() for name in ("account", "container", "object", "proxy")}
        for name, port in ports.items():
            text = (PROXY if name == "proxy" else STORAGE).format(
                folder=folder, name=name, port=port, region=REGION, user=os.environ.get("USER", "root"))
            (folder / f"{name}-server.conf").write_text(text)
        self.run("rings", *map(str, list(ports.values())[:3])).wait(60)
        self.processes.clear()
        for name in ports:
            self.run(f"{name}-server")
        self.url = f"http://127.0.0.1:{ports['proxy']}"
        try:
            self._wait()
        except BaseException:
            self.stop()
            raise

    def run(self, *words):
        process = subprocess.Popen(["/usr/bin/python3", HERE / "swift_process.py", self.folder, *words],
                                   env=self.env, stdout=self.log, stderr=self.log, cwd=self.folder)
        self.processes.append(process)
        return process

    def _wait(self):
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            assert all(process.poll() is None for process in self.processes), self.log_text()
            try:
                urllib.request.urlopen(f"{self.url}/", timeout=5).read()
                return
            except urllib.error.HTTPError:
                return
            except OSError:
                time.sleep(0.1)
        raise AssertionError(f"Swift does not answer\n{self.log_text()}")

    def log_text(self):
        return (self.folder / "log").read_text(errors="replace")[-4000:]

    def stop(self):
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.log.close()
