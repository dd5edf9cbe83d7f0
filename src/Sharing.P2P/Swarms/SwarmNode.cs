using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Sharing.Core;

namespace Sharing.P2P;

/// <summary>This terminal among the others: fetches shares with them, and gives them on. Thread-safe singleton.</summary>
public sealed class SwarmNode(
    TransferEngine engine, ContentReferences references, IRecordStore records, HeldShares held, DeviceIdentity identity, PeerAddresses addresses,
    IHttpClientFactory clients, ShareServers servers, PeerDoor door, RunningFetches fetches, IIndexPlacement indexes, IChunkSourceSelector selector, IOptions<P2POptions> options, TimeProvider time, ILogger<SwarmNode> logger)
{
    readonly long _session = time.GetUtcNow().ToUnixTimeMilliseconds();
    long _version;

    internal TimeProvider Time => time;

    internal RunningFetches Fetches => fetches;

    internal ILogger Logger => logger;

    internal DeviceIdentity Identity => identity;

    /// <summary>Begins to fetch a share that was opened by its link, and to give it on: from the server, the sharer's terminal, and the others.</summary>
    /// <param name="opened">The share.</param>
    /// <param name="index">Who knows which terminals have it; <c>null</c>: whom the manifest names.</param>
    /// <param name="actor">Whose sign-in opened it; <c>null</c>: nobody's.</param>
    /// <param name="progress">Told of progress.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<SwarmFetch> FetchAsync(
        OpenedShare opened, IChunkIndex? index = null, PersonId? actor = null, IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        await held.AddAsync(opened.Manifest, opened.Server, actor, cancellationToken);
        var fetch = new SwarmFetch(opened.Manifest, index ?? indexes.Of(opened.Manifest, opened.Server), this) { First = opened.Terminals };
        await fetch.StartAsync(engine, SourceAt(opened.Manifest, opened.Server, servers.ClientOf(opened.Server)), progress, cancellationToken);
        return fetch;
    }

    /// <summary>Begins to fetch a share, and to give it on.</summary>
    /// <param name="manifest">What the share's server said, for this terminal's device.</param>
    /// <param name="server">The shared-data server's address, with a slash at its end; <c>null</c>: it cannot be reached.</param>
    /// <param name="index">Who knows which terminals have it; <c>null</c>: whom the manifest names.</param>
    /// <param name="ready">What to wait for between joining the others and fetching.</param>
    /// <param name="progress">Told of progress.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<SwarmFetch> FetchAsync(
        ShareManifest manifest, Uri? server, IChunkIndex? index = null, Task? ready = null, IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        await held.AddAsync(manifest, server, cancellationToken: cancellationToken);
        var fetch = new SwarmFetch(manifest, index ?? indexes.Of(manifest, server), this);
        if (ready is not null)
        {
            await fetch.JoinAsync(cancellationToken);
            await ready.WaitAsync(cancellationToken);
        }

        await fetch.StartAsync(engine, server is null ? null : SourceAt(manifest, server, clients.CreateClient(GuardedClient.Services)), progress, cancellationToken);
        return fetch;
    }

    /// <summary>Keeps a share that was fetched, so that it is not swept away.</summary>
    public async Task KeepAsync(ShareManifest manifest, TransferResult fetched, CancellationToken cancellationToken = default) => await records.ChangeAsync(
        async batch =>
        {
            batch.Delete(fetched.State, RecordBatch.Any);
            return await references.AddAsync(batch, fetched.Content, ReferrerOf(manifest.Content), cancellationToken);
        },
        cancellationToken);

    /// <summary>Ends the fetch of a share, drops what is here of it, and gives it to others no more.</summary>
    internal async Task ForgetAsync(ContentId content, CancellationToken cancellationToken)
    {
        await fetches.StopAsync(content);
        await engine.DiscardAsync(SwarmFetch.TransferOf(content), cancellationToken);
        await records.ChangeAsync(
            async batch =>
            {
                await references.RemoveAsync(batch, content, ReferrerOf(content), cancellationToken);
                return true;
            },
            cancellationToken);
        await held.RemoveAsync(content, cancellationToken); // last: with it is known what is to be done
    }

    /// <summary>The host's selector, with the advice of one share's server.</summary>
    internal AdvisedSourceSelector Advised() => new(selector, options.Value.ServerPricePerByte, time);

    /// <summary>Keeps where other terminals are.</summary>
    internal Task RememberAsync(ContentId content, IEnumerable<SwarmMember> members, CancellationToken cancellationToken) => held.RememberAsync(content, members, cancellationToken);

    /// <summary>This terminal, as it announces itself.</summary>
    internal async Task<SwarmMember> SelfAsync(ShareManifest manifest, CancellationToken cancellationToken)
    {
        await using var here = await engine.OpenHeldAsync(manifest.Content, cancellationToken);
        return new()
        {
            Device = await identity.NameAsync(cancellationToken), Addresses = [.. options.Value.Addresses], Session = _session, Version = Interlocked.Increment(ref _version), IsPlain = options.Value.ServesPlain,
            Load = door.Load, IsMetered = options.Value.IsMetered, IsWhole = here?.IsWhole == true, Chunks = here is null or { IsWhole: true } ? "" : ChunkSet.Within(here.Held(), manifest.ChunkSize, manifest.Length).ToString(),
        };
    }

    static string ReferrerOf(ContentId content) => $"held-share/{content}";

    PeerSource SourceAt(ShareManifest manifest, Uri server, HttpClient http) => new(http, server, manifest, new SourceTraits(server.Host, SourceKind.Server, options.Value.ServerPricePerByte));

    /// <summary>Another terminal as a source; <c>null</c>: none of its addresses is one.</summary>
    internal IContentSource? SourceOf(SwarmMember member, ShareManifest manifest)
    {
        var places = member.Addresses.Select(static text => IPEndPoint.TryParse(text, out var place) ? place : null).OfType<IPEndPoint>().ToArray();
        return places.Length == 0 || member.Device.Length != 64 || member.Device.AsSpan().ContainsAnyExcept("0123456789abcdef") ? null : new PeerSource(
            clients.CreateClient(GuardedClient.Peers), addresses.Tell(member.Device, places, member.IsPlain), manifest, new SourceTraits($"{places[0]}", SourceKind.Peer), VisitorAt.Write(options.Value.Addresses, _session));
    }
}
