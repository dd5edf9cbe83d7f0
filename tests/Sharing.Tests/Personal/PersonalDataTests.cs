using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Sharing.Core;
using Sharing.Offline;
using Sharing.Testing;
using Sharing.Tests.Hosting;

namespace Sharing.Tests.Personal;

[Trait("Row", "C1")]
public sealed class PersonalDataTests
{
    static readonly PersonId Anna = PersonId.Parse("anna");

    readonly FakeTimeProvider _time = new();

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    ServiceProvider Services(params IPersonalData[] parts)
    {
        var services = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(_time).AddSharing(static _ => { });
        foreach (var part in parts)
        {
            services.AddSingleton(part);
        }

        return services.BuildServiceProvider();
    }

    [Fact(Timeout = 60_000)]
    public async Task An_archive_holds_each_part_in_a_folder_of_its_own_and_files_under_their_names_made_safe_and_unlike()
    {
        var things = new Things();
        await using var services = Services(things);
        things.Content = (await services.GetRequiredService<IContentStore>().PutAsync(new MemoryStream(Encoding.ASCII.GetBytes("original bytes")), cancellationToken: Cancel)).Id;
        var files = await Erasing.ExportAsync(services, Anna, Cancel);
        Assert.Equal(
            ["about.json", "missing.txt", "things/Alps/a (2).jpg", "things/Alps/a.jpg", "things/_/b_.txt", "things/list.json"], files.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("original bytes", files["things/Alps/a.jpg"]);
        Assert.Contains("things/gone.jpg", files["missing.txt"], StringComparison.Ordinal);
        Assert.Contains("\"anna\"", files["about.json"], StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_part_that_fails_or_waits_keeps_no_other_from_erasing_and_is_asked_again_until_nothing_is_left()
    {
        var (waits, fails, things) = (new Things("waits", ["k1"]) { Rounds = 3 }, new Things("fails", ["k2"]) { Faults = 2 }, new Things("things", ["k3"]));
        await using var services = Services(waits, fails, things);
        var personal = services.GetRequiredService<PersonalData>();
        Assert.Null(await personal.StateAsync(Anna, Cancel));
        var state = await personal.EraseAsync(Anna, Cancel);
        Assert.Equal(state.Since, (await personal.EraseAsync(Anna, Cancel)).Since); // once
        Assert.True(await personal.RunOnceAsync(Cancel));
        Assert.Equal(["waits", "fails", "people"], (await personal.StateAsync(Anna, Cancel))!.WaitsFor);
        Assert.True(await personal.IsBeingErasedAsync(Anna, Cancel));
        Assert.Equal(1, things.Erased);
        Assert.False(await personal.RunOnceAsync(Cancel)); // not at once
        await Erasing.EraseAsync(services, Anna, Cancel);
        Assert.Equal((false, true), (await personal.IsBeingErasedAsync(Anna, Cancel), (await personal.StateAsync(Anna, Cancel))!.Done > state.Since));
        Assert.Empty(await Erasing.FindAsync(services, ["anna"], Cancel));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_crash_anywhere_in_it_costs_time_alone()
    {
        await using var services = Services(new Things { Rounds = 2 });
        var records = services.GetRequiredService<IRecordStore>();
        for (var crash = 0; ; crash++)
        {
            var person = PersonId.Parse($"anna{crash}");
            await services.GetRequiredService<IRelationships>().FollowAsync(person, Anna, true, Cancel);
            await services.GetRequiredService<PersonalData>().EraseAsync(person, Cancel);
            var commits = 0;
            var breaking = new BreakingStore(records, () => commits++ == crash);
            var first = new PersonalData(
                breaking, services.GetRequiredService<IContentStore>(), [new PeoplePersonalData(breaking)], _time, services.GetRequiredService<Microsoft.Extensions.Logging.ILogger<PersonalData>>());
            try
            {
                while (await first.RunOnceAsync(Cancel))
                {
                }
            }
            catch (IOException)
            {
                // The host ends here.
            }

            await Erasing.EraseAsync(services, person, Cancel);
            Assert.Empty(await Erasing.FindAsync(services, [person.Value], Cancel));
            if (commits <= crash)
            {
                Assert.True(crash > 3);
                return;
            }
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task Over_HTTP_one_takes_out_ones_own_and_whoever_is_being_erased_can_look_but_change_nothing()
    {
        await using var host = await SharingHost.StartAsync(static sharing => sharing.AddOffline(), services => services.AddSingleton<IPersonalData>(new Things { Rounds = int.MaxValue }));
        using var http = new HttpClient { BaseAddress = host.Address };
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync("v1/me/export", Cancel)).StatusCode);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", SharingHost.TokenOf(Anna));
        using var export = await http.GetAsync("v1/me/export", Cancel);
        Assert.Equal(("application/zip", true), (export.Content.Headers.ContentType!.MediaType, export.Content.Headers.ContentDisposition!.FileName!.Contains("my-data-", StringComparison.Ordinal)));
        await using (var zip = new System.IO.Compression.ZipArchive(await export.Content.ReadAsStreamAsync(Cancel)))
        {
            Assert.Contains("about.json", zip.Entries.Select(static one => one.FullName));
        }

        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync("v1/me/erasure", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await http.PutAsJsonAsync("v1/me/erasure", new { confirmed = false }, Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await http.PutAsync("v1/relationships/ben/follow", null, Cancel)).StatusCode);
        foreach (var _ in Enumerable.Range(0, 2))
        {
            using var begun = await http.PutAsJsonAsync("v1/me/erasure", new { confirmed = true }, Cancel);
            Assert.Equal(HttpStatusCode.Accepted, begun.StatusCode);
        }

        Assert.NotEmpty((await http.GetFromJsonAsync<ErasureState>("v1/me/erasure", Cancel))!.WaitsFor);
        var refused = await http.PutAsync("v1/relationships/carl/follow", null, Cancel);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Contains("erased", await refused.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("v1/feed", Cancel)).StatusCode);
        using var disguised = new HttpRequestMessage(HttpMethod.Get, "v1/feed") { Headers = { { "X-HTTP-Method-Override", "DELETE" } } };
        Assert.Equal(HttpStatusCode.Forbidden, (await http.SendAsync(disguised, Cancel)).StatusCode);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", SharingHost.TokenOf(PersonId.Parse("ben")));
        Assert.Equal(HttpStatusCode.NoContent, (await http.PutAsync("v1/relationships/carl/follow", null, Cancel)).StatusCode);
    }

    [Fact(Timeout = 60_000)]
    public async Task Two_parts_that_answer_for_the_same_are_a_mistake_of_the_host()
    {
        await using var services = Services(new Things("things", ["person"]));
        Assert.Contains("person", Assert.Throws<InvalidOperationException>(services.GetRequiredService<PersonalData>).Message, StringComparison.Ordinal);
    }

    /// <summary>A part of a product's own.</summary>
    sealed class Things(string name = "things", string[]? kinds = null) : IPersonalData
    {
        public int Rounds { get; set; } = 1;

        public int Faults { get; set; }

        public int Erased { get; private set; }

        public ContentId? Content { get; set; }

        public string Name => name;

        public IReadOnlyCollection<string> RecordKinds => kinds ?? ["thing"];

        public async Task ExportAsync(PersonId person, IPersonalArchive archive, CancellationToken cancellationToken)
        {
            if (Content is not { } content)
            {
                return;
            }

            await archive.AddListAsync("list", AsyncEnumerable.Range(1, 3), OfflineJson.Default.Int32, cancellationToken);
            await archive.AddListAsync("nothing", AsyncEnumerable.Empty<int>(), OfflineJson.Default.Int32, cancellationToken);
            Assert.Equal("things/Alps/a.jpg", await archive.AddContentAsync(["Alps", "a.jpg"], content, _at, cancellationToken));
            Assert.Equal("things/Alps/a (2).jpg", await archive.AddContentAsync(["Alps", "a.jpg"], content, _at, cancellationToken));
            await archive.AddContentAsync(["..", "b?.txt"], content, _at, cancellationToken);
            await archive.AddContentAsync(["gone.jpg"], ContentId.Parse(new string('a', 64)), _at, cancellationToken);
        }

        static readonly DateTimeOffset _at = DateTimeOffset.UnixEpoch; // before a ZIP archive's first year

        public Task<bool> EraseAsync(PersonId person, DateTimeOffset since, CancellationToken cancellationToken) =>
            Faults-- > 0 ? throw new IOException("Not now.") : Task.FromResult(++Erased >= Rounds);
    }

    /// <summary>Records of a host that ends at a commit.</summary>
    sealed class BreakingStore(IRecordStore inner, Func<bool> ends) : IRecordStore
    {
        public ValueTask<Record?> GetAsync(RecordKey key, CancellationToken cancellationToken = default) => inner.GetAsync(key, cancellationToken);

        public IAsyncEnumerable<Record> ScanAsync(RecordRange range, CancellationToken cancellationToken = default) => inner.ScanAsync(range, cancellationToken);

        public ValueTask<CommitOutcome> CommitAsync(RecordBatch batch, CancellationToken cancellationToken = default) =>
            ends() ? throw new IOException("The host ended.") : inner.CommitAsync(batch, cancellationToken);
    }
}
