namespace Sharing.Core;

/// <summary>Uploads that are under way or have just ended, how much room somebody takes, and what else is counted of him.</summary>
sealed class UploadsPersonalData(IRecordStore records, Uploads uploads, SpaceLedger space) : IPersonalData
{
    public string Name => "uploads";

    public IReadOnlyCollection<string> RecordKinds => ["upload", "space", UsageMeter.MeterKind];

    public async Task ExportAsync(PersonId person, IPersonalArchive archive, CancellationToken cancellationToken)
    {
        await archive.AddListAsync(
            "uploads", OfAsync(person, cancellationToken).Select(static one => new PersonalUpload(one.Value.Purpose, one.Value.Length, one.Value.Metadata, one.Value.Created, one.Value.Complete)),
            PersonalJson.Default.PersonalUpload, cancellationToken);
        var used = await space.UsedAsync(person, cancellationToken);
        await archive.AddListAsync("space", AsyncEnumerable.Repeat(new PersonalSpace(used), used > 0 ? 1 : 0), PersonalJson.Default.PersonalSpace, cancellationToken);
    }

    public async Task<bool> EraseAsync(PersonId person, DateTimeOffset since, CancellationToken cancellationToken)
    {
        await foreach (var upload in OfAsync(person, cancellationToken))
        {
            await uploads.ForgetAsync(UploadId.Parse(upload.Key.Part(0)), person, cancellationToken);
        }

        await records.DeleteAllAsync(RecordRange.Under(UsageMeter.MeterKind, RelationshipStore.KeyPart(person)), cancellationToken);

        // What photos, shares and messages take, their own parts give back.
        return await space.UsedAsync(person, cancellationToken) == 0 && !await OfAsync(person, cancellationToken).AnyAsync(cancellationToken);
    }

    IAsyncEnumerable<Versioned<UploadRecord>> OfAsync(PersonId person, CancellationToken cancellationToken) =>
        records.ScanAsync(UploadKeys.Uploads, UploadsJson.Default.UploadRecord, cancellationToken).Where(one => one.Value.Owner == person);
}

/// <summary>An upload.</summary>
sealed record PersonalUpload(string Purpose, long Length, string Metadata, DateTimeOffset Created, bool Complete);

/// <summary>The room that somebody takes.</summary>
sealed record PersonalSpace(long Bytes);
