using System.Security.Cryptography;
using System.Text;

namespace Sharing.Messaging;

/// <summary>The keys of the records about messages: <c>message/{id}</c>; beside it <c>message-of/{sender}</c> with the newest first, <c>message-due</c> by their ends, <c>message-key/{sender}/{key}</c>;
/// <c>message-for/{id}/{receiver}</c> with its number in his inbox; <c>inbox-seen/{person}</c> and <c>inbox-seen/{person}/{device}</c>, how far terminals have come.</summary>
static class MessageKeys
{
    public static RecordKey Message(MessageId id) => RecordKey.Of("message", id.Value);

    public static RecordKey Sent(PersonId sender, DateTimeOffset sent, MessageId id) => RecordKey.Of("message-of", sender.Value, RecordKey.Descending(sent.ToUnixTimeMilliseconds()), id.Value);

    public static RecordRange SentBy(PersonId sender) => RecordRange.Under("message-of", sender.Value);

    public static RecordKey Due(DateTimeOffset until, MessageId id) => RecordKey.Of("message-due", RecordKey.Number(until.ToUnixTimeMilliseconds()), id.Value);

    public static RecordRange DueAt(DateTimeOffset now) => RecordRange.Under("message-due").Before(RecordKey.Of("message-due", RecordKey.Number(now.ToUnixTimeMilliseconds() + 1)));

    public static RecordKey Key(PersonId sender, string key) => RecordKey.Of("message-key", sender.Value, Short(key));

    public static RecordKey For(MessageId id, PersonId receiver) => RecordKey.Of("message-for", id.Value, receiver.Value);

    public static RecordRange ForAll(MessageId id) => RecordRange.Under("message-for", id.Value);

    public static RecordKey Upload(string id) => RecordKey.Of("message-upload", id);

    public static RecordKey UploadDue(DateTimeOffset until, string id) => RecordKey.Of("message-upload-due", RecordKey.Number(until.ToUnixTimeMilliseconds()), id);

    public static RecordRange UploadsDueAt(DateTimeOffset now) => RecordRange.Under("message-upload-due").Before(RecordKey.Of("message-upload-due", RecordKey.Number(now.ToUnixTimeMilliseconds() + 1)));

    public static RecordKey Seen(PersonId person, string? device) => device is null ? RecordKey.Of("inbox-seen", person.Value) : RecordKey.Of("inbox-seen", person.Value, Short(device));

    /// <summary>The name of a person's inbox among the logs.</summary>
    public static string Inbox(PersonId person) => "inbox/" + person.Value;

    public static string Referrer(MessageId id) => $"message/{id}";

    public static string UploadReferrer(string id) => $"message-upload/{id}";

    /// <summary>Any text as part of a key.</summary>
    static string Short(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..32];
}
