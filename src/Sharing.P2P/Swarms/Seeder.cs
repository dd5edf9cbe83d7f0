using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Sharing.Core;

namespace Sharing.P2P;

/// <summary>Goes on giving: announces what this terminal has of shares, also after a restart, renews their tickets before they expire, and takes its announcements back at an orderly end.</summary>
/// <remarks>A terminal that nobody can reach announces nothing. What a fetch under way has is announced by the fetch as well.</remarks>
public sealed class Seeder(
    HeldShares held, TransferEngine engine, SwarmNode node, ShareServers servers, IIndexPlacement indexes, DeviceIdentity identity, IOptions<P2POptions> options, TimeProvider time, ILogger<Seeder> logger) : BackgroundService
{
    static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(2);
    static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(15);
    static readonly TimeSpan LeavePatience = TimeSpan.FromSeconds(2);

    readonly Dictionary<ContentId, (DateTimeOffset Due, HeldShare Share)> _announced = [];

    /// <summary>Announces whatever is due, once.</summary>
    public async Task SeedOnceAsync(CancellationToken cancellationToken = default)
    {
        var here = new HashSet<ContentId>();
        await foreach (var share in held.ListAsync(cancellationToken))
        {
            var content = share.Manifest.Content;
            if (share.Server is null || await engine.OpenHeldAsync(content, cancellationToken) is not { } open)
            {
                continue;
            }

            await open.DisposeAsync();
            here.Add(content);
            if (!_announced.TryGetValue(content, out var before) || before.Due <= time.GetUtcNow())
            {
                _announced[content] = await AnnounceAsync(await RenewAsync(share, cancellationToken), cancellationToken);
            }
        }

        foreach (var gone in _announced.Keys.Where(content => !here.Contains(content)).ToArray())
        {
            await LeaveAsync(_announced[gone].Share, cancellationToken);
            _announced.Remove(gone);
        }
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        using var patience = new CancellationTokenSource(LeavePatience, TimeProvider.System);
        await Task.WhenAll(_announced.Values.Select(one => LeaveAsync(one.Share, patience.Token)));
        _announced.Clear();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested && options.Value.Addresses.Count > 0)
        {
            try
            {
                await SeedOnceAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                P2PLog.SeedingFailed(logger, e.GetBaseException().Message);
            }

            await Task.Delay(LookAgain, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>A ticket of which half is over is asked for anew; where that fails, it still holds.</summary>
    async Task<HeldShare> RenewAsync(HeldShare share, CancellationToken cancellationToken)
    {
        if (!share.Manifest.IsUploading && Tickets.ReadUnchecked(share.Manifest.Ticket) is { } ticket && ticket.Expires - time.GetUtcNow() > options.Value.TicketLife / 2)
        {
            return share;
        }

        try
        {
            var fresh = await servers.SharesAt(share.Server!).OpenAsync(share.Actor, share.Manifest.Share, await identity.NameAsync(cancellationToken), cancellationToken);
            if (fresh is not null && fresh.Content == share.Manifest.Content)
            {
                await held.AddAsync(fresh, share.Server, share.Actor, cancellationToken);
                return share with { Manifest = fresh };
            }
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            P2PLog.RenewingFailed(logger, share.Manifest.Share, e.GetBaseException().Message);
        }

        return share;
    }

    async Task<(DateTimeOffset Due, HeldShare Share)> AnnounceAsync(HeldShare share, CancellationToken cancellationToken)
    {
        try
        {
            var (content, self) = (share.Manifest.Content, await node.SelfAsync(share.Manifest, cancellationToken));
            var view = await indexes.Of(share.Manifest, share.Server).AnnounceAsync(content, self, share.Manifest.Ticket, cancellationToken);
            await held.RememberAsync(content, view.Members, cancellationToken);
            return (time.GetUtcNow() + (view.AnnounceWithin / 2), share);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            P2PLog.AnnouncingFailed(logger, share.Manifest.Share, e.GetBaseException().Message);
            return (time.GetUtcNow() + AfterFailure, share);
        }
    }

    async Task LeaveAsync(HeldShare share, CancellationToken cancellationToken)
    {
        try
        {
            await indexes.Of(share.Manifest, share.Server).LeaveAsync(share.Manifest.Content, await identity.NameAsync(cancellationToken), share.Manifest.Ticket, cancellationToken);
        }
        catch (Exception e)
        {
            P2PLog.AnnouncingFailed(logger, share.Manifest.Share, e.GetBaseException().Message); // it is forgotten soon
        }
    }
}
