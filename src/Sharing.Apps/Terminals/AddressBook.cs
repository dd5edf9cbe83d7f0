using Sharing.Core;

namespace Sharing.Apps;

/// <summary>A terminal's side of the radar: brings an address book there without showing it (row A1). Thread-safe.</summary>
/// <remarks>Tokens that were made are remembered on the terminal, so that only new contacts count against the budget. Records: <c>contact-token/{contact}</c> and <c>contact-region</c>, on the terminal alone.</remarks>
/// <param name="radar">The radar.</param>
/// <param name="normalizer">Gives each contact its one spelling.</param>
/// <param name="remembered">The terminal's own records; <c>null</c>: every registration makes all tokens anew.</param>
public sealed class AddressBook(IContactRadar radar, IContactNormalizer normalizer, IRecordStore? remembered = null)
{
    /// <summary>Registers the actor with his address book.</summary>
    /// <param name="actor">Whose it is.</param>
    /// <param name="contacts">Numbers and mail addresses, as they stand there.</param>
    /// <param name="region">The region of the book's owner, ISO 3166 (<c>DE</c>): numbers without a country are of there.</param>
    /// <param name="progress">Is told how many tokens are made.</param>
    /// <param name="cancellationToken">Gives up; what was made is remembered.</param>
    /// <returns>How many contacts were registered; the rest were neither numbers nor addresses, or the same.</returns>
    public async Task<int> RegisterAsync(PersonId actor, IEnumerable<string> contacts, string region, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        var normal = contacts.Select(contact => normalizer.Normalize(contact, region)).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        var tokens = new List<byte[]>(normal.Count);
        List<string> lacking = [];
        foreach (var contact in normal)
        {
            if (remembered is not null && await remembered.GetAsync(KeyOf(contact), RadarJson.Default.ByteArray, cancellationToken) is { } token)
            {
                tokens.Add(token.Value);
            }
            else
            {
                lacking.Add(contact);
            }
        }

        foreach (var some in lacking.Chunk(RadarOptions.MostAtOnce))
        {
            tokens.AddRange(await MakeAsync(actor, some, cancellationToken));
            progress?.Report(tokens.Count);
        }

        await radar.RegisterAsync(actor, tokens, cancellationToken);
        if (remembered is not null)
        {
            await remembered.CommitAsync(new RecordBatch().Put(RegionKey, region, RadarJson.Default.String, RecordBatch.Any), cancellationToken);
        }

        return tokens.Count;
    }

    /// <summary>Which of the actor's friends a contact is: one picked in his address book, or where somebody called or wrote (row A4).</summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="contact">A number or mail address as it stands there.</param>
    /// <param name="region">As for <see cref="RegisterAsync"/>; <c>null</c>: the one of the last registration.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Mostly one; none: it is no contact, or nobody whom the actor may know of.</returns>
    public async Task<IReadOnlyList<PersonId>> WhoAsync(PersonId actor, string contact, string? region = null, CancellationToken cancellationToken = default)
    {
        region ??= remembered is null ? null : (await remembered.GetAsync(RegionKey, RadarJson.Default.String, cancellationToken))?.Value;
        if (normalizer.Normalize(contact, region ?? "") is not { } normal)
        {
            return [];
        }

        var known = remembered is null ? null : await remembered.GetAsync(KeyOf(normal), RadarJson.Default.ByteArray, cancellationToken);
        return await radar.WhoAsync(actor, known?.Value ?? (await MakeAsync(actor, [normal], cancellationToken))[0], cancellationToken);
    }

    async Task<IReadOnlyList<byte[]>> MakeAsync(PersonId actor, string[] contacts, CancellationToken cancellationToken)
    {
        var blind = await Task.Run(() => new BlindContacts(contacts), cancellationToken);
        var tokens = blind.Unblind(await radar.EvaluateAsync(actor, blind.Points, cancellationToken));
        if (remembered is not null)
        {
            var batch = new RecordBatch();
            for (var i = 0; i < contacts.Length; i++)
            {
                batch.Put(KeyOf(contacts[i]), tokens[i], RadarJson.Default.ByteArray, RecordBatch.Any);
            }

            await remembered.CommitAsync(batch, cancellationToken);
        }

        return tokens;
    }

    static RecordKey RegionKey => RecordKey.Of("contact-region", "last");

    RecordKey KeyOf(string contact) => RecordKey.Of("contact-token", normalizer.Version, contact);
}
