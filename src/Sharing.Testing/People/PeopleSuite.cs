using System.Globalization;
using Xunit;

namespace Sharing.Testing;

/// <summary>What every <see cref="IPeople"/> must do. Derive it, and say how people come into your tables.</summary>
public abstract class PeopleSuite : IAsyncLifetime
{
    /// <summary>The people under test.</summary>
    protected IPeople People { get; private set; } = null!;

    /// <summary>Ends with the test run.</summary>
    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Makes a store that knows nobody of the suite.</summary>
    protected abstract Task<IPeople> CreateAsync();

    /// <summary>Makes a person known, or changes what is known of him.</summary>
    protected abstract Task SaveAsync(Person person);

    /// <summary>Clears away what <see cref="CreateAsync"/> made.</summary>
    protected virtual ValueTask CleanUpAsync() => default;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        People = await CreateAsync();
        Assert.NotNull(People);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await CleanUpAsync();
        GC.SuppressFinalize(this);
    }

    static Person Of(string id, string name) => new() { Id = PersonId.Parse(id), Name = name };

#pragma warning disable CS1591 // the names of the tests say it
    [Fact]
    public async Task Those_known_are_found_and_those_unknown_are_left_out()
    {
        await SaveAsync(Of("anna", "Anna"));
        await SaveAsync(Of("ben", "Ben"));
        var found = await People.FindAsync([PersonId.Parse("anna"), PersonId.Parse("carl"), PersonId.Parse("ben"), PersonId.Parse("anna")], Cancel);
        Assert.Equal(["Anna", "Ben"], found.Values.Select(p => p.Name).Order(StringComparer.Ordinal));
        Assert.Empty(await People.FindAsync([PersonId.Parse("carl")], Cancel));
        Assert.Empty(await People.FindAsync([], Cancel));
    }

    [Fact]
    public async Task What_changes_is_found_changed()
    {
        await SaveAsync(Of("anna", "Anna"));
        await SaveAsync(Of("anna", "Anna Ändert 👩‍🚀"));
        Assert.Equal("Anna Ändert 👩‍🚀", Assert.Single(await People.FindAsync([PersonId.Parse("anna")], Cancel)).Value.Name);
    }

    [Fact]
    public async Task Many_are_one_question_and_ids_are_told_apart_by_every_character()
    {
        var all = Enumerable.Range(0, 300).Select(i => Of(string.Create(CultureInfo.InvariantCulture, $"p{i}"), $"name {i}"))
            .Concat([Of("P1", "capital"), Of("p/1", "slash"), Of(new string('愛', 66), "long")]).ToList();
        foreach (var person in all)
        {
            await SaveAsync(person);
        }

        var found = await People.FindAsync([.. all.Select(p => p.Id)], Cancel);
        Assert.Equal(all.Count, found.Count);
        Assert.All(all, person => Assert.Equal((person.Id, person.Name), (found[person.Id].Id, found[person.Id].Name)));
    }
}
