using System.Net;
using Microsoft.Extensions.Options;
using Sharing.Core;

namespace Sharing.P2P;

/// <summary>Leads clients of other makers to terminals that have what they ask for (<see cref="P2POptions.LeadsToTerminals"/>). Thread-safe singleton.</summary>
/// <remarks>The terminals and the server take turns. Who comes back with the same question is served here: what he was led to did not give it to him. Bounded: what was asked of late is remembered, 10,000
/// questions at most.</remarks>
public sealed class Steering(IChunkIndex index, IOptions<P2POptions> options, TimeProvider time)
{
    const int MostRemembered = 10_000;
    const int MostTerminals = 50;
    static readonly TimeSpan Remembered = TimeSpan.FromMinutes(1);

    readonly Dictionary<(string Ticket, long Offset), long> _led = [];
    uint _turn;

    /// <summary>Where a client should ask for some bytes instead; <c>null</c>: here.</summary>
    /// <param name="text">The ticket that was shown.</param>
    /// <param name="ticket">What it says.</param>
    /// <param name="run">The bytes.</param>
    /// <param name="here">Where the client reached this server; it is not led there.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask<Uri?> LeadAsync(string text, ShareTicket ticket, ByteRun run, IPEndPoint? here, CancellationToken cancellationToken = default)
    {
        if (!options.Value.LeadsToTerminals || ticket.Device is not null || index is not IPlainListing listing)
        {
            return null;
        }

        var chunkSize = options.Value.ChunkSizeOf(ticket.Length);
        var places = (await listing.ListPlainAsync(ticket.Content, MostTerminals, cancellationToken))
            .Where(member => PlainTerminals.Has(member, run, chunkSize))
            .OrderBy(static member => member.Device, StringComparer.Ordinal) // the sample has no order; turns need one
            .Select(PlainTerminals.PlaceOf).OfType<IPEndPoint>().Where(place => !place.Equals(here)).ToArray();
        var turn = Interlocked.Increment(ref _turn) % (uint)(places.Length + 1);
        return turn < places.Length && IsFirst(text, run.Offset) ? PlainTerminals.AddressOf(places[turn], text) : null;
    }

    bool IsFirst(string ticket, long offset)
    {
        lock (_led)
        {
            var again = _led.TryGetValue((ticket, offset), out var then) && time.GetElapsedTime(then) < Remembered;
            if (again)
            {
                return false;
            }

            if (_led.Count >= MostRemembered)
            {
                _led.Clear();
            }

            _led[(ticket, offset)] = time.GetTimestamp();
            return true;
        }
    }
}
