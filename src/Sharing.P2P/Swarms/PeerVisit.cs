using Sharing.Core;

namespace Sharing.P2P;

/// <summary>Somebody who showed a ticket that opens something here. Whoever let him in disposes of it when the answer is sent: that gives back what it took.</summary>
/// <remarks>One answer each; not thread-safe.</remarks>
public sealed class PeerVisit : IAsyncDisposable
{
    readonly PeerDoor _door;
    readonly string _who;
    readonly UploadAllowances.Taken? _taken;
    IDisposable? _slot;

    internal PeerVisit(PeerDoor door, HeldContent held, ShareTicket? ticket, string who, UploadAllowances.Taken? taken) => (_door, Held, Ticket, _who, _taken) = (door, held, ticket, who, taken);

    /// <summary>What is here of it.</summary>
    public HeldContent Held { get; }

    /// <summary>The ticket that he showed; <c>null</c>: he needed none.</summary>
    public ShareTicket? Ticket { get; }

    /// <summary>Whether <see cref="SendAsync"/> has to be asked before bytes go out.</summary>
    public bool IsCounted => _taken is not null || _door.Rate.IsLimited || _door.Slots.MayGrow;

    /// <summary>May bytes be sent to him now? If so, this visit has an upload slot.</summary>
    public DoorVerdict Serve() => _taken?.IsAll == true ? DoorVerdict.Enough : Take(_door.Slots);

    /// <summary>May he be told what comes? If so, this visit is one of those who are.</summary>
    public DoorVerdict Watch() => Take(_door.Watchers);

    /// <summary>Waits until so many bytes may go out to him.</summary>
    /// <exception cref="OperationCanceledException">He has had as many copies as he may have, or it was given up.</exception>
    public ValueTask SendAsync(int bytes, CancellationToken cancellationToken = default)
    {
        if (_taken?.Add(bytes) == false)
        {
            throw new OperationCanceledException("He has had enough copies.");
        }

        _door.Slots.Sent(bytes);
        return _door.Rate.IsLimited ? _door.Rate.TakeAsync(bytes, cancellationToken) : default;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _slot?.Dispose();
        return Held.DisposeAsync();
    }

    DoorVerdict Take(UploadSlots slots) => (_slot ??= slots.Take(_who)) is null ? DoorVerdict.Busy : DoorVerdict.Open;
}
