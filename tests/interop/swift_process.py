"""One server of OpenStack Swift, run by the system's Python: swift_process.py FOLDER SECTION, or
swift_process.py FOLDER rings PORT PORT PORT to write what says where the storage servers are."""
import logging.handlers
import os
import sys

# Nothing goes to a syslog: a bare machine has none, nor a name for localhost, and then Swift cannot even start.
logging.handlers.SysLogHandler.createSocket = lambda self: None
logging.handlers.SysLogHandler.emit = lambda self, record: None

folder, section = sys.argv[1:3]
import swift.common.utils  # noqa: E402 - the next line must come before any other import of swift

swift.common.utils.SWIFT_CONF_FILE = os.path.join(folder, "swift.conf")


def write_rings(ports):
    from swift.common.ring import RingBuilder

    for name, port in zip(("account", "container", "object"), ports):
        builder = RingBuilder(4, 1, 0)
        builder.add_dev({"id": 0, "region": 1, "zone": 1, "ip": "127.0.0.1", "port": int(port), "device": "d1",
                         "weight": 1.0, "replication_ip": "127.0.0.1", "replication_port": int(port)})
        builder.rebalance()
        builder.get_ring().save(os.path.join(folder, f"{name}.ring.gz"))


def serve():
    from swift.common.wsgi import run_wsgi

    sys.exit(run_wsgi(os.path.join(folder, f"{section}.conf"), section))


if section == "rings":
    write_rings(sys.argv[3:])
else:
    serve()
