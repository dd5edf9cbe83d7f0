using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Sharing.Core;

namespace Sharing.Server;

/// <summary>Mails to members that are to go out: scheduled in the commit that calls for them, so that no answer waits for one. Thread-safe singleton.</summary>
sealed class MemberOutbox(IRecordStore records, IEnumerable<INotifier> notifiers, TimeProvider time)
{
    /// <summary>Whether this host tells people anything.</summary>
    public bool IsThere { get; } = notifiers.Any();

    public WorkQueue Queue { get; } = new(records, time, "member-mails");

    /// <summary>Adds to a batch that a mail is to go out; nothing where there is no way for it.</summary>
    public ValueTask ScheduleAsync(RecordBatch batch, MailWork work, CancellationToken cancellationToken) =>
        IsThere ? Queue.ScheduleAsync(batch, IdOf(work), time.GetUtcNow(), JsonSerializer.SerializeToElement(work, MemberJson.Default.MailWork), cancellationToken) : default;

    /// <summary>Adds to a batch that a mail is not to go out.</summary>
    public ValueTask RemoveAsync(RecordBatch batch, MailWork work, CancellationToken cancellationToken) => Queue.RemoveAsync(batch, IdOf(work), cancellationToken);

    static string IdOf(MailWork work) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{work.Code} {work.Link}")));
}
