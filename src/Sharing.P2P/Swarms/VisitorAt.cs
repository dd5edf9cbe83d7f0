using System.Globalization;
using System.Net;

namespace Sharing.P2P;

/// <summary>How a terminal that asks another what it has says where it listens itself, so that they know each other however the index, or its server, fares.</summary>
/// <remarks>A port and the session, "7400 1790000000000"; the address is where the request comes from, and the name what its certificate proves: nobody can have others sent to a victim's address.</remarks>
public static class VisitorAt
{
    /// <summary>The header.</summary>
    public const string Header = "Share-At";

    internal static string? Write(IEnumerable<string> addresses, long session) =>
        addresses.Select(static text => IPEndPoint.TryParse(text, out var at) ? at.Port : 0).FirstOrDefault(static port => port > 0) is > 0 and var port
            ? string.Create(CultureInfo.InvariantCulture, $"{port} {session}")
            : null;

    /// <summary>Who visits; <c>null</c>: it does not say, or does not prove it.</summary>
    internal static SwarmMember? Read(string? text, PeerCaller caller) =>
        caller is { IsProven: true, Device: { } device, Place: { } place } && text?.Split(' ') is [var first, var second]
        && ushort.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0
        && long.TryParse(second, NumberStyles.None, CultureInfo.InvariantCulture, out var session)
            ? new() { Device = device, Addresses = [new IPEndPoint(place.IsIPv4MappedToIPv6 ? place.MapToIPv4() : place, port).ToString()], Session = session }
            : null;
}
