# Posts so many statuses, one after the other, each with a key, as a program written with Mastodon.py does: rival_publish.py ADDRESS COUNT; says how long it took, and its processor time.
import sys, time
from mastodon import Mastodon

api = Mastodon(access_token="token", api_base_url=sys.argv[1].rstrip("/"))
began, cpu = time.perf_counter(), time.process_time()
for i in range(int(sys.argv[2])):
    api.status_post(f"film {i}\n\nhttps://share.example.org/d/{i}", idempotency_key=f"{began}-{i}")
print(time.perf_counter() - began, time.process_time() - cpu)
