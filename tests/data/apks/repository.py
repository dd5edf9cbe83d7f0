#!/usr/bin/env python3
"""repository.py FOLDER APK BADGING SIGNERS: a repository in F-Droid's form (index version 2) with one app: index-v2.json and entry.json, to be signed."""
import hashlib, json, os, re, shutil, sys

folder, apk, badging, signers = sys.argv[1:]
said = open(badging).read()
name = re.search(r"package: name='([^']+)' versionCode='(\d+)' versionName='([^']+)'", said)
level = lambda key: int(re.search(key + r":'(\d+)'", said).group(1))
sha256 = lambda path: hashlib.sha256(open(path, "rb").read()).hexdigest()
os.makedirs(folder, exist_ok=True)
file = os.path.join(folder, os.path.basename(apk))
shutil.copyfile(apk, file)
index, time = os.path.join(folder, "index-v2.json"), 1_790_000_000_000
version = {
    "added": time, "file": {"name": "/" + os.path.basename(file), "sha256": sha256(file), "size": os.path.getsize(file)},
    "manifest": {
        "versionName": name.group(3), "versionCode": int(name.group(2)), "usesSdk": {"minSdkVersion": level("sdkVersion"), "targetSdkVersion": level("targetSdkVersion")},
        "signer": {"sha256": open(signers).read().split()},
    },
}
app = {"metadata": {"added": time, "lastUpdated": time, "name": {"en-US": "API Demos"}}, "versions": {sha256(file): version}}
json.dump({"repo": {"name": {"en-US": "Made"}, "address": "https://fdroid.example.org/repo", "timestamp": time}, "packages": {name.group(1): app}}, open(index, "w"))
entry = {"timestamp": time, "version": 20002, "index": {"name": "/index-v2.json", "sha256": sha256(index), "size": os.path.getsize(index), "numPackages": 1}, "diffs": {}}
json.dump(entry, open(os.path.join(folder, "entry.json"), "w"))
