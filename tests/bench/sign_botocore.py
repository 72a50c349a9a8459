"""The signer of botocore: nanoseconds of CPU for one signature by headers, for the same request as
bench_sign.c. Prints one number; with -v, what it signed. It keeps no signing key."""
import datetime
import sys
import time

import botocore.auth
import botocore.awsrequest
import botocore.credentials

HASH = "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072"
URL = ("https://cat-pictures.s3.us-east-1.amazonaws.com/0eaf1da24040b4c3f2a1d0987654321fedcba09876543210abcdef"
       "0123456789/desk/batch-1744377772123456/2025-04-11-13/1744377772.jpg")
WHEN = datetime.datetime.fromtimestamp(1440938160, datetime.timezone.utc)
ROUNDS, TIMES = 9, 1000

keys = botocore.credentials.Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
signer = botocore.auth.SigV4Auth(keys, "s3", "us-east-1")
signer._normalize_url_path = lambda path: path  # as for S3, but with a hash that is given
botocore.auth.get_current_datetime = lambda: WHEN


def sign():
    request = botocore.awsrequest.AWSRequest(method="PUT", url=URL, headers={
        "host": "cat-pictures.s3.us-east-1.amazonaws.com", "content-type": "image/jpeg",
        "X-Amz-Content-SHA256": HASH, "x-amz-meta-original-file-name": "siberian%20kitten.jpg"})
    signer.add_auth(request)
    return request.headers["Authorization"]


def one_round():
    start = time.process_time_ns()
    for _ in range(TIMES):
        sign()
    return (time.process_time_ns() - start) / TIMES


if sys.argv[1:] == ["-v"]:
    print(sign())
else:
    sign()
    print(round(sorted(one_round() for _ in range(ROUNDS))[ROUNDS // 2]))
