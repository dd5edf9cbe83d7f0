using Microsoft.Extensions.Options;
using Sharing.Core;

namespace Sharing.Photos;

/// <summary>Tells friends of grants: one notice for each, sent once its previews are there or have been waited for (row F10). Thread-safe singleton.</summary>
sealed class GrantNotices(
    IRecordStore records, RecordEntries entries, GrantBook grants, Pictures pictures, PhotoBook book, IPeople people, IEnumerable<INotifier> notifiers, IOptions<PhotoOptions> options, TimeProvider time)
{
    static readonly TimeSpan Visibility = TimeSpan.FromMinutes(5), PreviewPatience = TimeSpan.FromMinutes(2), PreviewPause = TimeSpan.FromSeconds(2), FirstRest = TimeSpan.FromSeconds(30);

    const int MostAttempts = 12;

    /// <summary>The grants whose friends are to be told.</summary>
    public WorkQueue Queue { get; } = new(records, time, "grant-notices");

    /// <summary>Adds to a batch that a grant's friend is to be told; nothing where the host tells nobody.</summary>
    public ValueTask ScheduleAsync(RecordBatch batch, GrantId id, CancellationToken cancellationToken) =>
        notifiers.Any() && options.Value.PublicAddress is not null ? Queue.ScheduleAsync(batch, id.Value, time.GetUtcNow(), WorkLoop.NoPayload, cancellationToken) : default;

    /// <summary>Does one notice that is due.</summary>
    /// <returns>Whether there was one.</returns>
    public async Task<bool> RunOnceAsync(CancellationToken cancellationToken = default)
    {
        if (await Queue.ClaimAsync(Visibility, cancellationToken) is not { } item)
        {
            return false;
        }

        var batch = new RecordBatch();
        var outcome = await TellAsync(GrantId.Parse(item.Id), cancellationToken);
        if (outcome is NotifyOutcome.Wait or null && item.Attempts < (outcome is null ? int.MaxValue : MostAttempts))
        {
            item.Retry(batch, time.GetUtcNow() + (outcome is null ? PreviewPause : FirstRest * Math.Pow(2, Math.Min(8, item.Attempts - 1))));
        }
        else
        {
            item.Complete(batch);
        }

        await records.CommitAsync(batch, cancellationToken);
        return true;
    }

    /// <returns>How it ended; <c>null</c>: previews are still being made.</returns>
    async Task<NotifyOutcome?> TellAsync(GrantId id, CancellationToken cancellationToken)
    {
        if (await grants.FindAsync(id, cancellationToken) is not { Value: var grant } || await entries.ShowAsync(id, grant, cancellationToken) is not { Photos.Count: > 0 } view)
        {
            return NotifyOutcome.Refused; // it is over before it was told
        }

        if (view.Photos.Take(GrantMail.MostPictures).Any(static photo => photo.Previews == PreviewState.Pending) && time.GetUtcNow() < grant.Created + PreviewPatience)
        {
            return null;
        }

        var known = await people.FindAsync([.. new[] { grant.Owner, grant.Friend }.OfType<PersonId>()], cancellationToken);
        var from = PhotoName.From(known.GetValueOrDefault(grant.Owner)?.Name) ?? grant.Owner.Value;
        var address = grant.Friend is { } friend ? known.GetValueOrDefault(friend)?.Mail : grant.Address;
        var notification = GrantMail.Of(id, from, view, await PicturesAsync(view, cancellationToken), EntryOf(id), (grant.Friend, address));
        var outcomes = new List<NotifyOutcome>();
        foreach (var notifier in notifiers)
        {
            outcomes.Add(await notifier.NotifyAsync(notification, cancellationToken));
        }

        return outcomes.Contains(NotifyOutcome.Sent) ? NotifyOutcome.Sent : outcomes.Contains(NotifyOutcome.Wait) ? NotifyOutcome.Wait : NotifyOutcome.Refused;
    }

    /// <summary>Only from the address that the operator set: what a request calls this host is never believed.</summary>
    Uri EntryOf(GrantId id) => new(options.Value.PublicAddress!, $"g/{id}");

    /// <summary>Previews that this server made itself: what a client made is not mailed.</summary>
    async Task<IReadOnlyList<(GrantedPhoto, NotificationPicture)>> PicturesAsync(GrantView view, CancellationToken cancellationToken)
    {
        var some = new List<(GrantedPhoto, NotificationPicture)>();
        foreach (var photo in view.Photos.Where(static photo => photo.Previews == PreviewState.Ready).Take(GrantMail.MostPictures))
        {
            if (await book.FindAsync(photo.Id, cancellationToken) is { } stored && await pictures.OpenAsync(stored.Value, PreviewSizes.Mail, CancellationToken.None, cancellationToken) is { } preview)
            {
                await using var content = new ContentStream(preview.Content, ContentArea.Data, 0);
                var jpeg = new byte[preview.Content.Info.Length];
                await content.ReadExactlyAsync(jpeg, cancellationToken);
                some.Add((photo, new($"photo-{some.Count + 1}", jpeg)));
            }
        }

        return some;
    }
}
