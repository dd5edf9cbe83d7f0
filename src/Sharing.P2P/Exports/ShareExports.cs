using System.Globalization;
using Microsoft.Extensions.Options;
using Sharing.Core;

namespace Sharing.P2P;

/// <summary>Makes what clients of other makers read of a share: Metalink, torrent, and the addresses of its bytes. Thread-safe singleton.</summary>
/// <remarks>The addresses carry the ticket of the manifest, and hold as long as it does.</remarks>
public sealed class ShareExports(ExportHashes hashes, IChunkIndex index, IOptions<P2POptions> options, TimeProvider time)
{
    const int MostTerminals = 20;

    /// <summary>The bytes on the server, under the share's name.</summary>
    /// <param name="manifest">The share, with a ticket of no device.</param>
    /// <param name="server">The server's public address, with a slash at its end.</param>
    public static Uri AddressOf(ShareManifest manifest, Uri server) => new(server, $"p/{manifest.Ticket}/file");

    /// <summary>A Metalink; <c>null</c>: it takes longer, ask again.</summary>
    /// <exception cref="SharingException"><see cref="ProblemCodes.NotFound"/>, <see cref="ProblemCodes.TooLarge"/>: as <see cref="ExportHashes.GetAsync"/> says.</exception>
    public async Task<ReadOnlyMemory<byte>?> MetalinkAsync(ShareManifest manifest, Uri server, CancellationToken cancellationToken = default)
    {
        if (await hashes.GetAsync(manifest.Content, options.Value.ExportPatience, cancellationToken) is not { } known)
        {
            return null;
        }

        var origin = new Uri(server, $"s/{manifest.Share}/metalink");
        return MetalinkFile.Write(NameOf(manifest), known, await MirrorsAsync(manifest, server, cancellationToken), origin, Comment(origin));
    }

    /// <summary>A torrent; <c>null</c>: it takes longer, ask again.</summary>
    /// <param name="manifest">The share, with a ticket of no device.</param>
    /// <param name="version">For which BitTorrent.</param>
    /// <param name="server">The server's public address.</param>
    /// <param name="terminals">Whether it names terminals, too: Transmission asks a terminal that sends wrong bytes again and again.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SharingException"><see cref="ProblemCodes.NotFound"/>, <see cref="ProblemCodes.TooLarge"/>: as <see cref="ExportHashes.GetAsync"/> says.</exception>
    public async Task<ReadOnlyMemory<byte>?> TorrentAsync(ShareManifest manifest, TorrentVersion version, Uri server, bool terminals, CancellationToken cancellationToken = default)
    {
        if (await hashes.GetAsync(manifest.Content, options.Value.ExportPatience, cancellationToken) is not { } known)
        {
            return null;
        }

        var addresses = terminals ? (await MirrorsAsync(manifest, server, cancellationToken)).Select(static mirror => mirror.Address) : [AddressOf(manifest, server)];
        return TorrentFile.Write(version, NameOf(manifest), known, addresses, Comment(new(server, $"s/{manifest.Share}/torrent")));
    }

    /// <summary>Where the bytes are: the server, then terminals that serve without TLS, those first that have all.</summary>
    public async Task<IReadOnlyList<Mirror>> MirrorsAsync(ShareManifest manifest, Uri server, CancellationToken cancellationToken = default)
    {
        var members = index is IPlainListing listing ? await listing.ListPlainAsync(manifest.Content, MostTerminals, cancellationToken) : [];
        var addresses = members.OrderBy(static member => !member.IsWhole).Select(PlainTerminals.PlaceOf).OfType<System.Net.IPEndPoint>()
            .Select(place => PlainTerminals.AddressOf(place, manifest.Ticket)).Prepend(AddressOf(manifest, server));
        return [.. addresses.Select(static (address, number) => new Mirror(address, number + 1))];
    }

    /// <summary>The name under which a share is kept: one that is safe on every system.</summary>
    public static string NameOf(ShareManifest manifest) => FileName.From(manifest.Name) ?? "file";

    string Comment(Uri origin) => string.Create(CultureInfo.InvariantCulture, $"The addresses hold until {time.GetUtcNow() + options.Value.TicketLife:u}; new ones: {origin}");
}
