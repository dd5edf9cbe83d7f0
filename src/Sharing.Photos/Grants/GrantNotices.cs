using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Sharing.Core;

namespace Sharing.Photos;

/// <summary>Tells friends of grants: one notice for each, sent once its previews are there or have been waited for (row F10). Thread-safe singleton.</summary>
sealed class GrantNotices(
    IRecordStore records, RecordEntries entries, GrantBook grants, Pictures pictures, PhotoBook book, IPeople people, IEnumerable<INotifier> notifiers, IThumbnailer thumbnailer, IOptions<PhotoOptions> options,
    TimeProvider time, ILogger<GrantNotices> logger)
{
    static readonly TimeSpan Visibility = TimeSpan.FromMinutes(5), PreviewPatience = TimeSpan.FromMinutes(2), PreviewPause = TimeSpan.FromSeconds(2);
    static readonly TimeSpan ShortestRest = TimeSpan.FromSeconds(30), LongestRest = TimeSpan.FromHours(2), GivesUpAfter = TimeSpan.FromDays(2);

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

        var (batch, id, now) = (new RecordBatch(), GrantId.Parse(item.Id), time.GetUtcNow());
        var age = now - ((await grants.FindAsync(id, cancellationToken))?.Value.Created ?? now);
        var outcome = await TellAsync(id, cancellationToken);
        if (outcome is null)
        {
            item.Retry(batch, now + PreviewPause);
        }
        else if (outcome == NotifyOutcome.Wait && age < GivesUpAfter)
        {
            item.Retry(batch, now + TimeSpan.FromTicks(Math.Clamp(age.Ticks / 2, ShortestRest.Ticks, LongestRest.Ticks)));
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
        var (single, sheet) = await PicturesAsync(view, cancellationToken);
        var notification = GrantMail.Of(id, from, view, single, sheet, EntryOf(id), (grant.Friend, address));
        var outcomes = new List<NotifyOutcome>();
        foreach (var notifier in notifiers)
        {
            outcomes.Add(await NotifyAsync(notifier, notification, cancellationToken));
        }

        return outcomes.Contains(NotifyOutcome.Sent) ? NotifyOutcome.Sent : outcomes.Contains(NotifyOutcome.Wait) ? NotifyOutcome.Wait : NotifyOutcome.Refused;
    }

    /// <summary>Only from the address that the operator set: what a request calls this host is never believed.</summary>
    Uri EntryOf(GrantId id) => new(options.Value.PublicAddress!, $"g/{id}");

    /// <summary>Somebody's own notifier may throw what it likes: it is asked again, and the others are asked all the same.</summary>
    async Task<NotifyOutcome> NotifyAsync(INotifier notifier, Notification notification, CancellationToken cancellationToken)
    {
        try
        {
            return await notifier.NotifyAsync(notification, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            PhotosLog.NotTold(logger, notification.Key, e);
            return NotifyOutcome.Wait;
        }
    }

    /// <summary>Previews that this server made itself: what a client made is not mailed. The first ones each, the others on one sheet.</summary>
    async Task<(IReadOnlyList<(GrantedPhoto, NotificationPicture)> Single, NotificationPicture? Sheet)> PicturesAsync(GrantView view, CancellationToken cancellationToken)
    {
        var single = new List<(GrantedPhoto, NotificationPicture)>();
        var others = new List<ReadOnlyMemory<byte>>();
        foreach (var photo in view.Photos.Where(static photo => photo.Previews == PreviewState.Ready).Take(GrantMail.MostPictures + GrantMail.MostOnSheet))
        {
            if (await book.FindAsync(photo.Id, cancellationToken) is not { } stored
                || await pictures.OpenAsync(photo.Id, stored.Value, PreviewSizes.Mail, CopyMetadata.All, CancellationToken.None, cancellationToken) is not { } preview)
            {
                continue;
            }

            await using var content = new ContentStream(preview.Content, ContentArea.Data, 0);
            var jpeg = new byte[preview.Content.Info.Length];
            await content.ReadExactlyAsync(jpeg, cancellationToken);
            if (single.Count < GrantMail.MostPictures)
            {
                single.Add((photo, new($"photo-{single.Count + 1}", jpeg)));
            }
            else
            {
                others.Add(jpeg);
            }
        }

        var sheet = others.Count > 0 ? await thumbnailer.SheetAsync(others, cancellationToken) : null;
        return (single, sheet is { } bytes ? new("sheet", bytes) : null);
    }
}
