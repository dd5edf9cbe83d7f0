using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Sharing.Apps;

/// <summary>The digest of a package's content by APK signature schemes 2 and 3: of the digests of chunks of 1 MiB, which all processors compute.</summary>
static class ContentDigests
{
    const int ChunkSize = 1 << 20, Prefix = 5, DirectoryField = 16;

    /// <summary>Computes the digests of a file's entries, directory and end record, this as if the block of signatures were not there.</summary>
    public static byte[][] Compute(PackageBytes bytes, ZipDirectory zip, long block, HashAlgorithmName[] hashes, CancellationToken cancellationToken)
    {
        var end = new byte[bytes.Length - zip.End];
        bytes.Read(zip.End, end);
        BinaryPrimitives.WriteUInt32LittleEndian(end.AsSpan(DirectoryField), (uint)block);
        (long At, int Length)[] chunks = [.. Chunks(0, block), .. Chunks(zip.Start, zip.End), .. Chunks(zip.End, bytes.Length)];
        var digests = Array.ConvertAll(hashes, hash => Begin(hash, chunks.Length));
        ParallelWork.For(chunks.Length, static () => ArrayPool<byte>.Shared.Rent(Prefix + ChunkSize), (index, buffer) =>
        {
            var (at, length) = chunks[index];
            var chunk = buffer.AsSpan(0, Prefix + length);
            chunk[0] = 0xa5;
            BinaryPrimitives.WriteInt32LittleEndian(chunk[1..], length);
            if (at >= zip.End)
            {
                end.AsSpan((int)(at - zip.End), length).CopyTo(chunk[Prefix..]);
            }
            else
            {
                bytes.Read(at, chunk[Prefix..]);
            }

            for (var i = 0; i < hashes.Length; i++)
            {
                var size = (digests[i].Length - Prefix) / chunks.Length;
                CryptographicOperations.HashData(hashes[i], chunk, digests[i].AsSpan(Prefix + (index * size), size));
            }
        }, static buffer => ArrayPool<byte>.Shared.Return(buffer), cancellationToken);
        return [.. hashes.Zip(digests, static (hash, all) => CryptographicOperations.HashData(hash, all))];
    }

    static byte[] Begin(HashAlgorithmName hash, int count)
    {
        var all = new byte[Prefix + (count * (hash == HashAlgorithmName.SHA512 ? SHA512.HashSizeInBytes : SHA256.HashSizeInBytes))];
        all[0] = 0x5a;
        BinaryPrimitives.WriteInt32LittleEndian(all.AsSpan(1), count);
        return all;
    }

    static IEnumerable<(long At, int Length)> Chunks(long start, long end)
    {
        for (var at = start; at < end; at += ChunkSize)
        {
            yield return (at, (int)Math.Min(ChunkSize, end - at));
        }
    }
}
