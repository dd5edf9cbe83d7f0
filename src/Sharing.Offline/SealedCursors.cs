using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Sharing.Core;

namespace Sharing.Offline;

/// <summary>Places in a list as text that tells its bearer nothing, and is good for him and that list alone. Thread-safe.</summary>
/// <remarks>A page may end at an entry that its reader may not see, not even that it is there. AES-GCM (NIST SP 800-38D) under a key of
/// 256 bits that is kept in the records, so that every host of them reads it; all texts have one length.</remarks>
sealed class SealedCursors(IRecordStore records, string list)
{
    const int NonceSize = 12, TagSize = 16, OrderLength = 19, Length = OrderLength + 1 + 64;

    static readonly RecordKey Place = RecordKey.Of("cursor-key");

    byte[]? _key;

    /// <summary>The text for a place; <c>null</c> for none.</summary>
    public async ValueTask<string?> SealAsync(PersonId reader, PagePlace? place, CancellationToken cancellationToken)
    {
        if (place is not { } at)
        {
            return null;
        }

        var text = new byte[NonceSize + Length + TagSize];
        RandomNumberGenerator.Fill(text.AsSpan(0, NonceSize));
        using var cipher = new AesGcm(await KeyAsync(cancellationToken), TagSize);
        cipher.Encrypt(
            text.AsSpan(0, NonceSize), Encoding.ASCII.GetBytes($"{at.Order}.{at.Id}".PadRight(Length)), text.AsSpan(NonceSize, Length),
            text.AsSpan(NonceSize + Length), For(reader));
        return Base64Url.EncodeToString(text);
    }

    /// <summary>The place of a text; <c>null</c> for none: the beginning.</summary>
    /// <exception cref="SharingException"><see cref="ProblemCodes.InvalidInput"/>: it was not given to this reader for this list.</exception>
    public async ValueTask<PagePlace?> OpenAsync(PersonId reader, string? cursor, CancellationToken cancellationToken)
    {
        if (cursor is null)
        {
            return null;
        }

        var (text, plain) = (new byte[NonceSize + Length + TagSize], new byte[Length]);
        if (!Base64Url.IsValid(cursor, out var length) || length != text.Length)
        {
            throw NotOurs();
        }

        Base64Url.DecodeFromChars(cursor, text);
        try
        {
            using var cipher = new AesGcm(await KeyAsync(cancellationToken), TagSize);
            cipher.Decrypt(text.AsSpan(0, NonceSize), text.AsSpan(NonceSize, Length), text.AsSpan(NonceSize + Length), plain, For(reader));
        }
        catch (AuthenticationTagMismatchException)
        {
            throw NotOurs();
        }

        var place = Encoding.ASCII.GetString(plain);
        return new PagePlace(place[..OrderLength], place[(OrderLength + 1)..].TrimEnd());
    }

    static SharingException NotOurs() => Resources.Invalid("That cursor is not one of ours.");

    byte[] For(PersonId reader) => Encoding.UTF8.GetBytes($"{list}\n{reader}");

    async ValueTask<byte[]> KeyAsync(CancellationToken cancellationToken)
    {
        while (_key is null)
        {
            if (await records.GetAsync(Place, OfflineJson.Default.ByteArray, cancellationToken) is { Value: var kept })
            {
                _key = kept;
                break;
            }

            var made = RandomNumberGenerator.GetBytes(32);
            await records.CommitAsync(new RecordBatch().Put(Place, made, OfflineJson.Default.ByteArray, RecordBatch.Absent), cancellationToken);
        }

        return _key;
    }
}
