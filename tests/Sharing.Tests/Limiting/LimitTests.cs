using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Sharing.AspNetCore;
using Sharing.Core;
using Sharing.Offline;
using Sharing.Photos;
using Sharing.Testing;
using Sharing.Tests.Hosting;
using Sharing.Tests.Records;

namespace Sharing.Tests.Limiting;

/// <summary>Three hosts on one PostgreSQL, and 64 clients of one person who want more than he may.</summary>
[Trait("Row", "C3")]
public sealed class LimitTests(PostgresFixture postgres) : IAsyncDisposable
{
    const int Clients = 64, Most = 10;

    static readonly PersonId Anna = PersonId.Parse("anna");

    readonly List<SharingHost> _hosts = [];
    readonly FakeTimeProvider _time = new();

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            await host.DisposeAsync();
        }
    }

    async Task StartAsync(Action<LimitOptions> limits)
    {
        var place = await postgres.PlaceAsync();
        for (var i = 0; i < 3; i++)
        {
            _hosts.Add(await SharingHost.StartAsync(
                sharing => sharing.UsePostgreSql(place).AddOffline().AddPhotos(static photos => photos.PublicAddress = new("https://photos.example.org/")).AddMessages(static messages => messages.PublicAddress = new("https://photos.example.org/")).WithLimits(limits).WithBackgroundWork(false),
                services => services.AddSingleton<TimeProvider>(_time), SharingRoles.Social | SharingRoles.Download | SharingRoles.Photos | SharingRoles.Messages));
        }
    }

    /// <summary>All at once, from all hosts: as many get through as may, and each of the others is told the limit and when.</summary>
    async Task RaceAsync(Func<HttpClient, int, Task<HttpResponseMessage>> act, string limit)
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => Task.Run(async () =>
        {
            using var http = ClientOf(_hosts[client % _hosts.Count]);
            using var answer = await act(http, client);
            return (answer.StatusCode, Wait: answer.Headers.RetryAfter?.Delta, Text: await answer.Content.ReadAsStringAsync(Cancel));
        }, Cancel)));
        Assert.Equal(Most, answers.Count(static answer => (int)answer.StatusCode is >= 200 and <= 299));
        foreach (var refused in answers.Where(static answer => (int)answer.StatusCode is not (>= 200 and <= 299)))
        {
            Assert.True(refused.StatusCode == HttpStatusCode.TooManyRequests, refused.Text);
            Assert.InRange(refused.Wait!.Value, TimeSpan.FromHours(2.3), TimeSpan.FromHours(2.5)); // a tenth of a day
            Assert.Contains(limit, refused.Text, StringComparison.Ordinal);
            Assert.Contains("Come again in 2 h 24 min.", refused.Text, StringComparison.Ordinal);
        }

        // Later it goes on, with as much as has come back.
        _time.Advance(TimeSpan.FromHours(2.5));
        using var later = ClientOf(_hosts[1]);
        Assert.InRange((int)(await act(later, 1000)).StatusCode, 200, 299);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await act(later, 1001)).StatusCode);
    }

    static HttpClient ClientOf(SharingHost host) => new() { BaseAddress = host.Address, DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", SharingHost.TokenOf(Anna)) } };

    static Uri AddressOf(int number) => new(string.Create(CultureInfo.InvariantCulture, $"https://films.example/{number}.mkv"));

    [Fact(Timeout = 120_000)]
    public async Task Posts()
    {
        await StartAsync(static limits => limits.PostsPerDay = Most);
        await RaceAsync(static (http, client) => http.PostAsJsonAsync("v1/posts", new { resource = new { address = AddressOf(client), name = "film.mkv" }, audience = new { kind = "everyone" } }, Cancel), "10 posts a day");
    }

    [Fact(Timeout = 120_000)]
    public async Task Comments()
    {
        await StartAsync(static limits => limits.CommentsPerDay = Most);
        await _hosts[0].Get<ISocialNetwork>().PutAsync(
            PersonId.Parse("ben"), new() { Key = "k", Author = PersonId.Parse("ben"), Text = "x", Link = AddressOf(1), Resource = new() { Address = AddressOf(1), Name = "x" }, Audience = Audience.Everyone, At = _time.GetUtcNow() }, Cancel);
        await RaceAsync(
            static (http, client) => http.SendAsync(new(HttpMethod.Post, "v1/network/posts/k/comments") { Content = JsonContent.Create(new { text = "nice" }), Headers = { { "Idempotency-Key", $"c{client}" } } }, Cancel), "10 comments a day");
    }

    [Fact(Timeout = 120_000)]
    public async Task Fetches_for_the_library()
    {
        await StartAsync(static limits => limits.FetchesPerDay = Most);
        await RaceAsync(static (http, client) => http.PutAsJsonAsync($"v1/library/{ResourceId.Of(AddressOf(client))}", new { address = AddressOf(client), name = "film.mkv" }, Cancel), "10 resources can be fetched for you a day");
    }

    [Fact(Timeout = 120_000)]
    public async Task Mails_to_addresses_that_somebody_typed_in()
    {
        await StartAsync(static limits => limits.MailsToStrangersPerDay = Most);
        var folder = await _hosts[0].Get<IPhotoFolders>().CreateAsync(Anna, new(), Cancel);
        await RaceAsync((http, client) => http.PostAsJsonAsync("v1/photo-grants", new { folder = folder.Id.ToString(), addresses = new[] { $"a{client}@example.org" } }, Cancel), "10 mails to addresses that you typed in a day");
    }

    [Fact(Timeout = 120_000)]
    public async Task Receivers_of_messages()
    {
        await StartAsync(static limits => limits.MessagesPerDay = Most);
        await RaceAsync(
            static (http, client) => http.PostAsJsonAsync("v1/messages", new { to = new[] { "ben" }, text = $"m{client}", resource = new { name = "film.mkv", addresses = new[] { AddressOf(client) } } }, Cancel), "10 receivers of messages a day");
    }

    [Fact(Timeout = 120_000)]
    public async Task A_tier_has_limits_of_its_own_and_who_is_of_none_those_for_everybody()
    {
        await StartAsync(static limits =>
        {
            (limits.PostsPerDay, limits.BytesPerPerson) = (1, 1000);
            limits.Tiers["member"] = new TierLimits { PostsPerDay = 3, BytesPerPerson = 5000 };
        });
        async Task<int> PostsAsync(PersonId person)
        {
            for (var made = 0; ; made++)
            {
                try
                {
                    await _hosts[0].Get<IPosts>().ShareAsync(person, new() { Resource = new() { Address = AddressOf(made), Name = "x" }, Audience = Audience.Everyone }, Cancel);
                }
                catch (SharingException limit) when (limit is { Code: ProblemCodes.LimitReached, RetryAfter: not null })
                {
                    return made;
                }
            }
        }

        await _hosts[0].Get<PeopleStore>().SaveAsync(new() { Id = PersonId.Parse("ben"), Name = "Ben", Tier = "Member" }, Cancel);
        Assert.Equal((1, 3), (await PostsAsync(Anna), await PostsAsync(PersonId.Parse("ben"))));
        var space = _hosts[1].Get<SpaceLedger>();
        Assert.Equal((1000, 0), (await space.MissingAsync(Anna, 2000, Cancel), await space.MissingAsync(PersonId.Parse("ben"), 2000, Cancel)));
    }

    [Fact(Timeout = 120_000)]
    public async Task What_library_work_may_not_fetch_now_it_fetches_later()
    {
        await StartAsync(static limits => limits.FetchesPerDay = 1);
        for (var i = 0; i < 2; i++)
        {
            await _hosts[0].Get<IPosts>().ShareAsync(Anna, new() { Resource = new() { Address = AddressOf(i), Name = "x" }, Audience = Audience.Everyone }, Cancel);
        }

        var keep = _hosts[0].Get<KeepWork>();
        while (await keep.RunOnceAsync(Cancel))
        {
        }

        Assert.Equal(1, await _hosts[0].Get<IOfflineStore>().ListAsync(Anna, Cancel).CountAsync(Cancel));
        _time.Advance(TimeSpan.FromDays(1) + TimeSpan.FromMinutes(1));
        while (await keep.RunOnceAsync(Cancel))
        {
        }

        Assert.Equal(2, await _hosts[0].Get<IOfflineStore>().ListAsync(Anna, Cancel).CountAsync(Cancel));
    }
}
