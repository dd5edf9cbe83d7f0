using System.Buffers.Binary;
using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Sharing.Core;

namespace Sharing.Apps;

/// <summary>The radar's keys, which are never in the database: one that makes tokens of contacts, and one under which they are kept. Thread-safe singleton.</summary>
/// <remarks>So whoever has a copy of the database can try no number: he lacks both keys.</remarks>
sealed class RadarKeys(IOptions<RadarOptions> options, IOptions<StorageOptions> storage, [FromKeyedServices("driver")] IContentStore? elsewhere = null)
{
    const int KeySize = 32;

    readonly Lazy<byte[]> _keys = new(() => (options.Value.KeyFile ?? (storage.Value.ContentFolder is { } folder ? Path.Combine(folder, "radar.key") : null)) is { } path
        ? KeyFile.ReadOrMake(path, static () => NewKeys()) is { Length: 2 * KeySize } keys ? keys : throw new InvalidDataException($"{path} holds no keys of the radar.")
        : elsewhere is null ? NewKeys() : throw new InvalidOperationException("The radar's keys need a file, since there is no folder of contents: RadarOptions.KeyFile. All hosts need the same."));

    /// <summary>The number by which points are multiplied.</summary>
    public byte[] Evaluating => _keys.Value[..KeySize];

    /// <summary>The name under which a token is kept: not 0.</summary>
    public ulong Kept(ReadOnlySpan<byte> token)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_keys.Value.AsSpan(KeySize), token, hash);
        return Math.Max(1, BinaryPrimitives.ReadUInt64LittleEndian(hash));
    }

    /// <summary>Seals a person's key, with the key of this host.</summary>
    public byte[] Wrap(byte[] key) => Sealing.Seal(WrappingKey, key);

    /// <summary>Opens a person's key.</summary>
    public byte[] Unwrap(byte[] wrapped) => Sealing.Open(WrappingKey, wrapped);

    byte[] WrappingKey => HMACSHA256.HashData(_keys.Value.AsSpan(KeySize), "wraps people's keys"u8);

    static byte[] NewKeys() => [.. P256.RandomScalar().Number, .. RandomNumberGenerator.GetBytes(KeySize)];
}
