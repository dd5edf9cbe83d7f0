"""read.py PORT USER COUNT: waits for so many mails in an IMAP mailbox and prints them as JSON, as a mail program would read them."""
import email
import email.policy
import imaplib
import json
import sys
import time

port, user, count = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
for _ in range(600):
    box = imaplib.IMAP4("127.0.0.1", port)
    box.login(user, "secret")
    there = int(box.select("INBOX")[1][0])
    if there >= count:
        break
    box.logout()
    time.sleep(0.1)
mails = []
for number in range(1, there + 1):
    mail = email.message_from_bytes(box.fetch(str(number), "(RFC822)")[1][0][1], policy=email.policy.default)
    text, html, pictures = None, None, []
    for part in mail.walk():
        kind = part.get_content_type()
        if kind == "text/plain" and text is None:
            text = part.get_content()
        elif kind == "text/html" and html is None:
            html = part.get_content()
        elif kind == "image/jpeg":
            pictures.append({"id": part["Content-ID"].strip("<>"), "disposition": part.get_content_disposition(), "length": len(part.get_payload(decode=True))})
    mails.append({"subject": mail["Subject"], "from": mail["From"], "to": mail["To"], "messageId": mail["Message-ID"], "type": mail.get_content_type(), "headers": [name for name, _ in mail.items()],
                  "text": text, "html": html, "pictures": pictures})
print(json.dumps(mails))
