using System.Runtime.CompilerServices;
using Sharing.Core;

namespace Sharing.Apps;

/// <summary>Lists of apps in the records. Thread-safe singleton.</summary>
/// <remarks>Records: <c>apps/{person}</c>; <c>apps-pushed/{to}/{from}</c>, which says only that and when: the list itself is read when it is looked at, so what was taken back is not there.
/// People are named in keys by hashes of their ids.</remarks>
public sealed class AppLists(IRecordStore records, IRelationshipGraph graph, TimeProvider time) : IAppLists
{
    const int MostName = 200;
    const int MostPushed = 200;
    const RelationshipKinds Friends = RelationshipKinds.Friend | RelationshipKinds.Found;

    /// <inheritdoc/>
    public async Task SaveAsync(PersonId actor, AppSharing sharing, CancellationToken cancellationToken = default)
    {
        if (sharing.Apps.Count > AppSharing.MostApps || sharing.Muted.Count > AppSharing.MostMuted || sharing.Apps.Any(static app => app.App.IsDefault || app.Audience.Kind == AudienceKind.Followers))
        {
            throw new SharingException(ProblemCodes.InvalidInput, $"At most {AppSharing.MostApps} apps and {AppSharing.MostMuted} people, and each app for friends, for some of them, or for everyone.");
        }

        var clean = sharing with { Apps = [.. sharing.Apps.Select(static app => app with { Name = Clean(app.Name), Version = Clean(app.Version), Os = Clean(app.Os) ?? "android" })] };
        await records.CommitAsync(new RecordBatch().Put(KeyOf(actor), clean, AppsJson.Default.AppSharing, RecordBatch.Any), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<AppSharing> OwnAsync(PersonId actor, CancellationToken cancellationToken = default) =>
        (await records.GetAsync(KeyOf(actor), AppsJson.Default.AppSharing, cancellationToken))?.Value ?? new();

    /// <inheritdoc/>
    public async Task<AppListAnswer> OfAsync(PersonId? actor, PersonId person, CancellationToken cancellationToken = default)
    {
        // Strangers, and people who are not there, cost the same reads.
        var sharing = await OwnAsync(person, cancellationToken);
        var kinds = actor is { } viewer ? await KindsAsync(viewer, person, cancellationToken) : RelationshipKinds.None;
        var groups = sharing.Apps.SelectMany(app => app.Audience.GroupsOf(person)).ToHashSet();
        var memberOf = actor is { } member && groups.Count > 0 ? await graph.GroupsAsync(member, groups, cancellationToken) : groups;
        var shown = sharing.Apps.Where(app => MaySee(actor, person, app.Audience, kinds, memberOf)).Select(static app => app with { Audience = Audience.Friends }).ToList();
        return shown.Count > 0 ? new() { Apps = shown }
            : new() { Refusal = actor == person || (kinds & Friends) != 0 ? AppListRefusal.NothingShared : AppListRefusal.NotAvailable };
    }

    /// <inheritdoc/>
    public async Task<AppPush> PushAsync(PersonId actor, PersonId to, CancellationToken cancellationToken = default)
    {
        var taking = await OwnAsync(to, cancellationToken);
        var shown = await OfAsync(to, actor, cancellationToken);
        if (actor == to || (await KindsAsync(actor, to, cancellationToken) & Friends) == 0)
        {
            return new(AppPushState.NotFriends);
        }

        if (!taking.Receives)
        {
            return new(AppPushState.NotReceiving);
        }

        if (shown.Refusal is not null)
        {
            return new(AppPushState.NothingShared);
        }

        if (!taking.Muted.Contains(actor))
        {
            await records.CommitAsync(new RecordBatch().Put(PushedKey(to, actor), new(actor, time.GetUtcNow()), AppsJson.Default.PushedList, RecordBatch.Any), cancellationToken);
        }

        return new(AppPushState.Sent);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ReceivedList> ReceivedAsync(PersonId actor, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var muted = (await OwnAsync(actor, cancellationToken)).Muted.ToHashSet();
        var pushed = await records.ScanAsync(RecordRange.Under("apps-pushed", PersonKey.Of(actor)), AppsJson.Default.PushedList, cancellationToken).Select(static record => record.Value).ToListAsync(cancellationToken);
        foreach (var (from, at) in pushed.Where(one => !muted.Contains(one.From)).OrderByDescending(static one => one.At).Take(MostPushed))
        {
            if (await OfAsync(actor, from, cancellationToken) is { Refusal: null } shown)
            {
                yield return new(from, at, shown.Apps);
            }
        }
    }

    async ValueTask<RelationshipKinds> KindsAsync(PersonId viewer, PersonId owner, CancellationToken cancellationToken) =>
        (await graph.BetweenAsync(viewer, [owner], cancellationToken)).GetValueOrDefault(owner);

    // "Some of them by name" are friends, too: who is one no longer sees nothing, although he is still named.
    static bool MaySee(PersonId? viewer, PersonId owner, Audience audience, RelationshipKinds kinds, IReadOnlySet<GroupName> memberOf) => viewer == owner || audience.Kind switch
    {
        AudienceKind.Everyone => (kinds & RelationshipKinds.BlockedBy) == 0,
        AudienceKind.Named => (kinds & Friends) != 0 && viewer is { } person && (audience.People!.Contains(person) || audience.GroupsOf(owner).Any(memberOf.Contains)),
        _ => (kinds & Friends) != 0,
    };

    /// <summary>A text as others are shown it, and no longer than it may be.</summary>
    static string? Clean(string? text)
    {
        var clean = text is null ? null : ShownText.OneLine(text);
        return clean is { Length: > MostName } ? clean[..(char.IsHighSurrogate(clean[MostName - 1]) ? MostName - 1 : MostName)] : clean;
    }

    internal static RecordKey KeyOf(PersonId person) => RecordKey.Of("apps", PersonKey.Of(person));

    static RecordKey PushedKey(PersonId to, PersonId from) => RecordKey.Of("apps-pushed", PersonKey.Of(to), PersonKey.Of(from));
}
