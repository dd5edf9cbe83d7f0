using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Sharing.Core;

namespace Sharing.P2P;

/// <summary>Lets those who show a ticket take what is here of a share: the server's and every terminal's one way out. Thread-safe singleton.</summary>
public sealed class PeerDoor(ITicketKeys keys, TransferEngine engine, IOptions<P2POptions> options) : IDisposable
{
    const int MostRemembered = 10_000;

    readonly ConcurrentDictionary<string, ShareTicket> _checked = new(StringComparer.Ordinal);
    readonly SemaphoreSlim _slots = new(options.Value.UploadSlots);

    /// <summary>Opens what a ticket names, as far as it is here; <c>null</c>: it opens nothing here.</summary>
    public async ValueTask<HeldContent?> OpenAsync(string ticket, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        await CheckAsync(ticket, now, cancellationToken) is { } open ? await engine.OpenHeldAsync(open.Content, cancellationToken) : null;

    /// <summary>Reads a ticket of a share that is known here; <c>null</c>: it is none.</summary>
    public async ValueTask<ShareTicket?> CheckAsync(string ticket, DateTimeOffset now, CancellationToken cancellationToken = default)
    {
        // A signature costs a tenth of a millisecond, and a terminal shows its ticket with every chunk.
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

        return open;
    }

    /// <summary>How many of the upload slots are taken, 0 to 1.</summary>
    public double Load => 1 - ((double)_slots.CurrentCount / options.Value.UploadSlots);

    /// <inheritdoc/>
    public void Dispose() => _slots.Dispose();

    /// <summary>Takes an upload slot, to be given back by disposing it; <c>null</c>: all are taken.</summary>
    public IDisposable? TakeSlot() => _slots.Wait(0) ? new Slot(_slots) : null;

    sealed class Slot(SemaphoreSlim slots) : IDisposable
    {
        public void Dispose() => slots.Release();
    }
}
