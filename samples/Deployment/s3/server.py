#!/usr/bin/python3
"""A real S3 server for tests: OpenStack Swift behind its s3api, account, container, object and proxy server in one process.

    server.py FOLDER    prints "ready http://127.0.0.1:PORT" once it takes requests; ends when its standard input does

Signatures are checked: access key TESTACCESS, secret testsecret. Debian: python3-swift. The folder's file system must keep
extended attributes. One process stands in for memcached, and for a user table whose keys have no colon (tempauth's own have,
and version 2 presigned addresses cannot carry one).
"""
import json
import os
import sys
import time
from hashlib import sha256

import eventlet
import eventlet.debug
import eventlet.tpool
import eventlet.wsgi
from swift.common import utils

utils.eventlet_monkey_patch()

KEYS = {'TESTACCESS': 'testsecret', 'OTHERACCESS': 'othersecret'}

SERVER = """[DEFAULT]
swift_dir = {root}
devices = {root}/node
mount_check = false
disable_fallocate = true
fallocate_reserve = 0
log_level = WARNING
bind_ip = 127.0.0.1
bind_port = {port}
node_timeout = 60
conn_timeout = 5
"""

INNER = """[pipeline:main]
pipeline = {kind}-server
[app:{kind}-server]
use = egg:swift#{kind}
"""

OUTER = """[pipeline:main]
pipeline = catch_errors gatekeeper listing_formats cache bulk s3api users copy slo dlo versioned_writes symlink proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:gatekeeper]
use = egg:swift#gatekeeper
[filter:listing_formats]
use = egg:swift#listing_formats
[filter:cache]
paste.filter_factory = sharing_swift:cache_factory
[filter:bulk]
use = egg:swift#bulk
[filter:s3api]
use = egg:swift#s3api
location = us-east-1
[filter:users]
paste.filter_factory = sharing_swift:users_factory
[filter:copy]
use = egg:swift#copy
[filter:slo]
use = egg:swift#slo
min_segment_size = 1
[filter:dlo]
use = egg:swift#dlo
[filter:symlink]
use = egg:swift#symlink
[filter:versioned_writes]
use = egg:swift#versioned_writes
allow_versioned_writes = true
"""


class Cache(object):
    """What the proxy and tempauth ask of memcached."""

    def __init__(self):
        self.kept = {}

    def get(self, key, raise_on_error=False):
        text, until = self.kept.get(key, (None, 0))
        return None if text is None or (until and until < time.time()) else json.loads(text)

    def set(self, key, value, serialize=True, time=0, min_compress_len=0, raise_on_error=False):
        until = __import__('time').time() + time if time else 0
        self.kept[key] = (json.dumps(value), until)

    def incr(self, key, delta=1, time=0):
        count = max(0, int(self.get(key) or 0) + delta)
        self.set(key, count, time=time)
        return count

    def decr(self, key, delta=1, time=0):
        return self.incr(key, -delta, time)

    def delete(self, key, server_key=None):
        self.kept.pop(key, None)


def cache_factory(global_conf, **local_conf):
    cache = Cache()

    def around(app):
        def serve(env, start_response):
            env['swift.cache'] = cache
            return app(env, start_response)
        return serve
    return around


def users_factory(global_conf, **local_conf):
    from swift.common.middleware.tempauth import TempAuth

    def around(app):
        auth = TempAuth(app, dict(global_conf, **local_conf))
        # An account's name must not contain its key, which tempauth replaces wherever it stands in a path.
        auth.users = {access: {'key': secret, 'groups': ['.admin'], 'url': '$host/v1/AUTH_' + sha256(access.encode()).hexdigest()[:16]}
                      for access, secret in KEYS.items()}
        return auth
    return around


def main():
    sys.modules['sharing_swift'] = sys.modules['__main__']
    os.environ['TZ'] = 'UTC+0'
    time.tzset()
    os.umask(0o077)
    root = os.path.abspath(sys.argv[1])
    os.makedirs(os.path.join(root, 'node', 'd1'), exist_ok=True)
    with open(os.path.join(root, 'swift.conf'), 'w') as conf:
        conf.write('[swift-hash]\nswift_hash_path_suffix = tests\n[storage-policy:0]\nname = gold\ndefault = yes\n')
    utils.set_swift_dir(root)
    from swift.common import storage_policy, wsgi
    from swift.common.ring import RingBuilder
    storage_policy.reload_storage_policies()
    eventlet.hubs.use_hub(utils.get_hub())
    eventlet.debug.hub_exceptions(False)
    kinds = ('account', 'container', 'object', 'proxy')
    sockets = {kind: eventlet.listen(('127.0.0.1', 0), backlog=512) for kind in kinds}
    for kind in kinds:
        port = sockets[kind].getsockname()[1]
        # Without it small answers wait for a delayed acknowledgement.
        sockets[kind].setsockopt(6, 1, 1)
        with open(os.path.join(root, kind + '.conf'), 'w') as conf:
            conf.write(SERVER.format(root=root, port=port) + (OUTER if kind == 'proxy' else INNER.format(kind=kind)))
        if kind != 'proxy':
            ring = RingBuilder(part_power=4, replicas=1, min_part_hours=0)
            ring.add_dev({'id': 0, 'region': 1, 'zone': 1, 'weight': 1.0, 'ip': '127.0.0.1', 'port': port,
                          'replication_ip': '127.0.0.1', 'replication_port': port, 'device': 'd1', 'meta': ''})
            ring.rebalance(seed=1)
            ring.get_ring().save(os.path.join(root, kind + '.ring.gz'))
    for kind in kinds:
        app = wsgi.loadapp(os.path.join(root, kind + '.conf'), global_conf={'log_name': kind})
        # Header names as they are: the AWS client wants "ETag".
        eventlet.spawn(eventlet.wsgi.server, sockets[kind], app, utils.NullLogger(), protocol=wsgi.SwiftHttpProtocol,
                       socket_timeout=60, capitalize_response_headers=False, custom_pool=utils.GreenPool(1024))
    eventlet.sleep(0)
    print('ready http://127.0.0.1:%d' % sockets['proxy'].getsockname()[1], flush=True)
    while eventlet.tpool.execute(os.read, 0, 4096):
        pass
    os._exit(0)


if __name__ == '__main__':
    main()
