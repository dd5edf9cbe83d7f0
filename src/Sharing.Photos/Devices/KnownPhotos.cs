using System.Buffers.Binary;
using Sharing.Core;

namespace Sharing.Photos;

/// <summary>The hashes of devices' photos in records: 256 for each device and kind, by the first byte, so that an upload writes a small one and an exchange reads them all. Thread-safe singleton.</summary>
sealed class KnownPhotos(IRecordStore records) : IDevicePhotos
{
    /// <inheritdoc/>
    public async Task<DevicePhotosLacking> LackingAsync(PersonId actor, DevicePhotosAsked asked, CancellationToken cancellationToken = default)
    {
        var device = PhotoName.From(asked.Device) ?? throw new SharingException(ProblemCodes.InvalidInput, "A device has a name.");
        ulong[] wanted;
        try
        {
            wanted = HashPrefixes.Decode(Convert.FromBase64String(asked.Hashes));
        }
        catch (FormatException e)
        {
            throw new SharingException(ProblemCodes.InvalidInput, $"That is no set of hashes. {e.Message}", e);
        }

        var lacking = new byte[(wanted.Length + 7) / 8];
        var at = 0;
        await foreach (var bucket in records.ScanAsync(PhotoKeys.AllKnown(actor, device, asked.By), PhotoRecords.Default.String, cancellationToken))
        {
            foreach (var known in Read(bucket.Value))
            {
                for (; at < wanted.Length && wanted[at] < known; at++)
                {
                    Mark(at);
                }

                at += at < wanted.Length && wanted[at] == known ? 1 : 0;
            }
        }

        for (; at < wanted.Length; at++)
        {
            Mark(at);
        }

        return new() { Lacking = Convert.ToBase64String(lacking) };

        void Mark(int which) => lacking[which >> 3] |= (byte)(0x80 >> (which & 7));
    }

    /// <summary>Adds to a batch that photos of one owner have come, or gone. Once for each batch.</summary>
    public async ValueTask NoteAsync(RecordBatch batch, PersonId owner, IEnumerable<StoredPhoto> photos, bool came, CancellationToken cancellationToken)
    {
        var hashes = photos.Where(static photo => photo.Device is not null).SelectMany(static photo => new[]
        {
            (Device: photo.Device!, Kind: PhotoHash.Content, Hash: (ContentId?)photo.Content.Id), (Device: photo.Device!, Kind: PhotoHash.Essence, Hash: photo.Essence),
        }).Where(static one => one.Hash is not null).Select(static one => (one.Device, one.Kind, Prefix: HashPrefixes.Of(one.Hash!.Value)));
        foreach (var bucket in hashes.GroupBy(one => PhotoKeys.Known(owner, one.Device, one.Kind, (byte)(one.Prefix >> 56)), static one => one.Prefix))
        {
            var before = await records.GetAsync(bucket.Key, PhotoRecords.Default.String, cancellationToken);
            var prefixes = before is { } there ? [.. Read(there.Value)] : new List<ulong>();
            foreach (var prefix in bucket)
            {
                if (came)
                {
                    prefixes.Add(prefix); // as often as there are photos of it
                }
                else
                {
                    prefixes.Remove(prefix);
                }
            }

            if (prefixes.Count > 0)
            {
                prefixes.Sort();
                batch.Put(bucket.Key, Write(prefixes), PhotoRecords.Default.String, before?.Version ?? RecordBatch.Absent);
            }
            else if (before is { } last)
            {
                batch.Delete(bucket.Key, last.Version);
            }
        }
    }

    static ulong[] Read(string bucket)
    {
        var bytes = Convert.FromBase64String(bucket);
        var prefixes = new ulong[bytes.Length / sizeof(ulong)];
        for (var i = 0; i < prefixes.Length; i++)
        {
            prefixes[i] = BinaryPrimitives.ReadUInt64BigEndian(bytes.AsSpan(i * sizeof(ulong)));
        }

        return prefixes;
    }

    static string Write(List<ulong> prefixes)
    {
        var bytes = new byte[prefixes.Count * sizeof(ulong)];
        for (var i = 0; i < prefixes.Count; i++)
        {
            BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(i * sizeof(ulong)), prefixes[i]);
        }

        return Convert.ToBase64String(bytes);
    }
}
