using System.Net;
using Sharing.Core;

namespace Sharing.P2P;

/// <summary>The terminals that clients of other makers may be led to: those that serve without TLS, at addresses at which the index reached them, and at no other: whoever announces may name anybody's.</summary>
static class PlainTerminals
{
    /// <summary>Where a terminal can be reached.</summary>
    public static IPEndPoint? PlaceOf(SwarmMember member) => member is { IsPlain: true, Addresses: [var first, ..] } && IPEndPoint.TryParse(first, out var place) ? place : null;

    /// <summary>The bytes there.</summary>
    public static Uri AddressOf(IPEndPoint place, string ticket) => new($"http://{place}/p/{ticket}/content");

    /// <summary>Whether it has said that it has some bytes.</summary>
    public static bool Has(SwarmMember member, ByteRun run, int chunkSize) =>
        member.IsWhole || ChunkSet.Parse(member.Chunks)?.Holds((int)(run.Offset / chunkSize), (int)((run.Offset + Math.Max(1, run.Length) - 1) / chunkSize)) == true;
}
