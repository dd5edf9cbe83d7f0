using Sharing;
using Sharing.P2P;

namespace OwnIndex;

/// <summary>Asks the office's own index besides the one that a share names: colleagues find each other even while the way out of the office is cut.</summary>
public sealed class OfficeIndexes(SwarmIndexes named, ShareServers servers) : IIndexPlacement
{
    static readonly Uri Office = new("https://index.office.example/");

    public IChunkIndex Of(ShareManifest manifest, Uri? server) => new Both(named.Of(manifest, server), servers.IndexAt(Office));
}

/// <summary>Two indexes as one: tells both, and knows whom either knows. One that fails is as one that knows nobody.</summary>
public sealed class Both(IChunkIndex one, IChunkIndex other) : IChunkIndex
{
    const int Most = 50; // as many as an index names by itself

    public async ValueTask<SwarmView> AnnounceAsync(ContentId content, SwarmMember member, string ticket, CancellationToken cancellationToken = default)
    {
        var (first, second) = (one.AnnounceAsync(content, member, ticket, cancellationToken).AsTask(), other.AnnounceAsync(content, member, ticket, cancellationToken).AsTask());
        await Task.WhenAll((Task)first, second).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!first.IsCompletedSuccessfully || !second.IsCompletedSuccessfully)
        {
            return await (second.IsCompletedSuccessfully ? second : first);
        }

        var (a, b) = (await first, await second);
        var members = a.Members.Concat(b.Members).GroupBy(known => known.Device).Select(said => said.MaxBy(known => (known.Session, known.Version))!);
        return a with
        {
            Members = [.. members.Take(Most)],
            Count = Math.Max(a.Count, b.Count),
            AnnounceWithin = a.AnnounceWithin < b.AnnounceWithin ? a.AnnounceWithin : b.AnnounceWithin,
        };
    }

    public async ValueTask LeaveAsync(ContentId content, string device, string ticket, CancellationToken cancellationToken = default) =>
        await Task.WhenAll(one.LeaveAsync(content, device, ticket, cancellationToken).AsTask(), other.LeaveAsync(content, device, ticket, cancellationToken).AsTask());
}
