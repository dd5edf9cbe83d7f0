namespace Sharing.Apps;

/// <summary>What the radar keeps about people: sealed address books, and how many contacts they may still try.</summary>
/// <remarks>
/// <para>A book cannot be given back: it is tokens, which nobody can turn into contacts. How many there are, and whom it has found, is.</para>
/// <para>What somebody has tried of his budget outlives him, under a hash of his id, until it would be full again: else whoever is erased and comes back could try all numbers there are.</para>
/// </remarks>
sealed class RadarPersonalData(ContactRadar radar, RadarBooks books, ContactBudget budget) : IPersonalData
{
    public string Name => "radar";

    public IReadOnlyCollection<string> RecordKinds => ["radar-book", "radar-part", "radar-news", "radar-budget"];

    public async Task ExportAsync(PersonId person, IPersonalArchive archive, CancellationToken cancellationToken)
    {
        var book = await books.FindAsync(person, cancellationToken);
        await archive.AddListAsync("address-book", OneAsync(book is null ? null : new PersonalBook(book.Tokens.Length, book.Own.Length)), PersonalAppsJson.Default.PersonalBook, cancellationToken);
        await archive.AddListAsync("found-friends", radar.FriendsAsync(person, cancellationToken), PersonalAppsJson.Default.FoundFriend, cancellationToken);
        await archive.AddListAsync("budget", OneAsync(await budget.FindAsync(person, cancellationToken)), PersonalAppsJson.Default.StoredBudget, cancellationToken);
    }

    public async Task<bool> EraseAsync(PersonId person, DateTimeOffset since, CancellationToken cancellationToken)
    {
        await radar.EraseAsync(person, cancellationToken);
        return true;
    }

    static IAsyncEnumerable<T> OneAsync<T>(T? value)
        where T : class => value is null ? AsyncEnumerable.Empty<T>() : AsyncEnumerable.Repeat(value, 1);
}
