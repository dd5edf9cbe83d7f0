using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Sharing.Core;

namespace Sharing.P2P;

/// <summary>Lets those who show a ticket take what is here of a share: the server's and every terminal's one way out. Thread-safe singleton.</summary>
/// <remarks>Slots are shared among terminals, or, where a connection does not prove which one comes, among tickets and the places that they come from. Copies are counted only where it is
/// proven: whoever sees another's ticket must not use up what that one may take.</remarks>
public sealed class PeerDoor(ITicketKeys keys, TransferEngine engine, IOptions<P2POptions> options, TimeProvider time, RecordShares? shares = null)
{
    const int MostRemembered = 10_000;

    readonly ConcurrentDictionary<string, ShareTicket> _checked = new(StringComparer.Ordinal);
    readonly UploadAllowances _allowances = new(options.Value.MostCopies);

    /// <summary>How many of the upload slots are taken, 0 to 1.</summary>
    public double Load => Slots.Load;

    internal UploadSlots Slots { get; } = new(options.Value.UploadSlots, options.Value.UploadSlotsEach, time, P2POptions.ServerSlots);

    internal UploadSlots Watchers { get; } = new(options.Value.Watchers, options.Value.WatchersEach, time);

    internal UploadRate Rate { get; } = new(options.Value.UploadBytesPerSecond, time);

    /// <summary>Opens what a ticket names, as far as it is here; <c>null</c>: it opens nothing here, or is another terminal's.</summary>
    public async ValueTask<PeerVisit?> OpenAsync(string ticket, PeerCaller caller, CancellationToken cancellationToken = default)
    {
        if (await CheckAsync(ticket, caller, cancellationToken) is not { } open)
        {
            return null;
        }

        if (open.IsClaim && shares is not null && !await shares.HasAsync(open.Share, open.Content, cancellationToken))
        {
            return null; // the server has not seen these bytes from the sharer, though it may have them from another
        }

        if (await engine.OpenHeldAsync(open.Content, cancellationToken) is not { } held)
        {
            return null;
        }

        var device = caller.IsProven ? caller.Device : null;
        return new(this, held, open, device ?? $"{open.Device ?? ticket} {caller.Place}", _allowances.Of(device, open, time.GetUtcNow()));
    }

    /// <summary>Reads a ticket of a share that is known here; <c>null</c>: it is none, or another terminal's.</summary>
    public async ValueTask<ShareTicket?> CheckAsync(string ticket, PeerCaller caller, CancellationToken cancellationToken = default)
    {
        // A signature costs a tenth of a millisecond, and a terminal shows its ticket with every chunk.
        var now = time.GetUtcNow();
        if (!_checked.TryGetValue(ticket, out var open) || open.Expires <= now)
        {
            if (Tickets.ReadUnchecked(ticket) is not { } claimed || await keys.CheckAsync(ticket, claimed.Content, cancellationToken) is not { } good)
            {
                return null;
            }

            if (_checked.Count >= MostRemembered)
            {
                _checked.Clear();
            }

            _checked[ticket] = open = good;
        }

        return caller.MayUse(open) ? open : null;
    }

    /// <summary>Forgets a terminal: the tickets that it has shown, and what it took.</summary>
    internal void Forget(string device)
    {
        foreach (var shown in _checked.Where(one => one.Value.Device == device))
        {
            _checked.TryRemove(shown);
        }

        _allowances.Forget(device);
    }

    /// <summary>Lets somebody in who may have a content without a ticket.</summary>
    public PeerVisit Open(HeldContent held, PeerCaller caller) => new(this, held, null, (caller.IsProven ? caller.Device : null) ?? $"{caller.Place}", null);
}
