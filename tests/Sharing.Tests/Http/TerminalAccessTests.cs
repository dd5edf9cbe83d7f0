using System.Text.Json;
using Sharing.Offline;

namespace Sharing.Tests.Http;

/// <summary>Download lists: everybody has his own, and nobody else's.</summary>
public sealed class TerminalAccessTests(TerminalUnderTest terminal) : AccessSuite(terminal), IClassFixture<TerminalUnderTest>
{
    readonly TerminalUnderTest _terminal = terminal;

    protected override IEnumerable<(string Method, string Path)> Unknown =>
    [
        ("GET", "v1/downloads/1"), ("DELETE", "v1/downloads/1"), ("PUT", "v1/downloads"), ("POST", "v1/downloads/1/explode"), ("GET", "v1/downloads/1/pause"),
        ("POST", "v1/downloads/1/events"), ("GET", "v1"),
    ];

    [Fact]
    public void Its_download_list_is_among_the_routes() =>
        Assert.Equal(
            ["/v1/downloads", "/v1/downloads/{id}/cancel", "/v1/downloads/{id}/events", "/v1/downloads/{id}/pause", "/v1/downloads/{id}/resume", "/v1/downloads/{id}/share"],
            Route.Of(_terminal.Services).Select(route => route.Pattern).Where(pattern => pattern.StartsWith("/v1/downloads", StringComparison.Ordinal)).Distinct()
                .Order(StringComparer.Ordinal));

    [Fact]
    public async Task Nobody_but_its_owner_changes_an_item_and_no_other_list_shows_it()
    {
        var answers = await _terminal.AnswersAsync();
        var owner = HostUnderTest.IdOf(Actor.Owner);
        var asked = answers.Where(answer => answer is { Route.Pattern: "/v1/downloads/{id}/events", Actor: Actor.Stranger }).ToDictionary(answer => answer.Subject, answer => answer.Id);
        var list = await _terminal.Get<IDownloads>().ListAsync(owner).ToListAsync();
        foreach (var state in new[] { Subject.Running, Subject.Finished, Subject.Paused, Subject.Failed })
        {
            var item = list.Single(item => item.Id.ToString() == asked[state]);
            Assert.Equal((Enum.Parse<DownloadState>(state.ToString()), null), (item.State, item.SharedAs));
        }

        foreach (var answer in answers.Where(answer => answer is { Route: { Method: "GET", Pattern: "/v1/downloads" }, Status: 200 }))
        {
            var mine = JsonDocument.Parse(answer.Body).RootElement.EnumerateArray().Any(item => item.GetProperty("id").GetString()!.Length == "1000001".Length);
            Assert.True(mine == (answer.Actor == Actor.Owner), answer.Name);
        }
    }

    [Fact]
    public async Task The_same_number_is_another_item_on_another_list()
    {
        var downloads = _terminal.Get<IDownloads>();
        PersonId[] people = [HostUnderTest.IdOf(Actor.Friend), HostUnderTest.IdOf(Actor.Stranger)];
        var items = new List<DownloadItem>();
        foreach (var person in people)
        {
            items.Add(await downloads.AddAsync(person, _terminal.NewSlowAddress()));
        }

        while (items[0].Id != items[1].Id)
        {
            var behind = items[0].Id.Number < items[1].Id.Number ? 0 : 1;
            items[behind] = await downloads.AddAsync(people[behind], _terminal.NewSlowAddress());
        }

        using var request = _terminal.RequestOf(Actor.Friend, HttpMethod.Post, $"v1/downloads/{items[0].Id}/pause");
        using var response = await _terminal.Http.SendAsync(request);
        Assert.Contains(items[0].Resource.Address.ToString(), await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        DownloadState[] expected = [DownloadState.Paused, DownloadState.Running];
        foreach (var (person, state) in people.Zip(expected))
        {
            Assert.Equal(state, (await downloads.ListAsync(person).SingleAsync(item => item.Id == items[0].Id)).State);
        }
    }
}
