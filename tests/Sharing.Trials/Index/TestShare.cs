using System.Security.Cryptography;
using Sharing.Core;
using Sharing.P2P;

namespace Sharing.Trials.Index;

/// <summary>A share with a key of its own that signs tickets, as its server does.</summary>
sealed class TestShare : IDisposable
{
    public const int ChunkSize = 256 * 1024;

    readonly MemoryRecordStore _records = new();
    readonly TicketSigner _signer;

    public TestShare(int chunks = 64)
    {
        _signer = new(_records);
        Content = new(new ContentId([.. Enumerable.Repeat((byte)7, ContentId.Size)]), (long)chunks * ChunkSize);
    }

    public ContentInfo Content { get; }

    public Task<string> SignAsync(ShareTicket ticket) => _signer.SignAsync(ticket).AsTask();

    public async Task<ShareManifest> ManifestAsync(string device, DateTimeOffset expires) => new()
    {
        Share = ShareId.Parse(new string('5', 32)), Name = "film.mkv", Content = Content.Id, Length = Content.Length, ChunkSize = ChunkSize, TicketKey = await _signer.PublicKeyAsync(),
        Ticket = await SignAsync(new() { Share = ShareId.Parse(new string('5', 32)), Content = Content.Id, Length = Content.Length, Device = device, Expires = expires }), IsSpread = true,
    };

    /// <summary>The keys, as an index server has them.</summary>
    public ITicketKeys Keys(TimeProvider time) => new ServerTicketKeys(_signer, time);

    public void Dispose() => _signer.Dispose();

    /// <summary>A terminal's name that nobody has the key of.</summary>
    public static string NameOf(int terminal) => Convert.ToHexStringLower(SHA256.HashData(BitConverter.GetBytes(terminal)));
}
