using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Sharing.Apps;
using Sharing.Core;

namespace Sharing.Tests.Apps;

/// <summary>A real repository, as Debian's fdroid makes it, and what somebody between it and us could make of it.</summary>
[Collection(FdroidStates.Name)]
public sealed class FdroidRepositoryTests(FdroidStates states)
{
    static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Row", "A8")]
    public async Task A_catalogue_says_of_each_app_what_its_packages_ask_and_where_they_are()
    {
        await using var site = await FdroidSite.StartAsync(states, 3);
        var update = await site.Repository.UpdateAsync(Now);
        Assert.Equal((FdroidUpdateKind.Whole, 3, 0), (update.Kind, update.State.Apps, update.LeftOut));
        Assert.Equal(["org.example.four", "org.example.one", "org.example.two"], (await site.Repository.ListAsync(Now)).Select(app => app.Value));
        Assert.Null(await site.Repository.FindAsync(AppId.Parse("org.example.three"), Now));

        var one = (await site.Repository.FindAsync(AppId.Parse("org.example.one"), Now))!;
        Assert.Equal("App org.example.one", one.Name);
        Assert.Equal([2L, 1L], one.Packages.Select(package => package.Package.VersionCode));
        Assert.Equal([(23, 33, (int?)null), (21, 28, null)], one.Packages.Select(package => (package.Package.MinSdk, package.Package.TargetSdk, package.Package.MaxSdk)));

        var two = Assert.Single((await site.Repository.FindAsync(AppId.Parse("org.example.two"), Now))!.Packages);
        Assert.Equal((33, "7.0"), (two.Package.MaxSdk, two.Package.Version));
        Assert.Equal(["arm64-v8a", "x86_64"], two.Package.Abis.Order(StringComparer.Ordinal));
        Assert.Equal([new PackageFeature("android.hardware.camera")], two.Package.Features);

        var file = await site.FetchAsync(two.Address);
        Assert.Equal((two.Package.Length, two.Package.Sha256), (file.Length, Convert.ToHexStringLower(SHA256.HashData(file))));
        Assert.Equal([one.PreferredSigner!], two.Package.Signers.SelectMany(signer => signer.Certificates));
    }

    [Fact]
    [Trait("Row", "A8")]
    public async Task Differences_lead_to_what_the_whole_index_says()
    {
        await using var whole = await FdroidSite.StartAsync(states, 3);
        var read = await whole.Repository.UpdateAsync(Now);
        foreach (var steps in (int[][])[[1, 2, 3], [1, 3]])
        {
            await using var site = await FdroidSite.StartAsync(states, 1);
            Assert.Equal(FdroidUpdateKind.Whole, (await site.Repository.UpdateAsync(Now)).Kind);
            FdroidUpdate? update = null;
            foreach (var step in steps[1..])
            {
                site.State = step;
                update = await site.Open().UpdateAsync(Now); // also by a process that starts now
                Assert.Equal(FdroidUpdateKind.Difference, update.Kind);
                Assert.True(update.Fetched < site.File("index-v2.json").Length);
            }

            Assert.Equal((read.State.Root, read.State.Timestamp, 3), (update!.State.Root, update.State.Timestamp, update.State.Apps));
            Assert.Equal(1, site.Asked.Count(name => name == "index-v2.json"));
            foreach (var app in await whole.Repository.ListAsync(Now))
            {
                Assert.Equal(Said(await whole.Repository.FindAsync(app, Now)), Said(await site.Repository.FindAsync(app, Now)));
            }

            Assert.Null(await site.Repository.FindAsync(AppId.Parse("org.example.three"), Now));
        }
    }

    [Fact]
    [Trait("Row", "A8")]
    public async Task What_is_current_is_not_fetched_again_unless_it_was_lost()
    {
        await using var site = await FdroidSite.StartAsync(states);
        var first = await site.Repository.UpdateAsync(Now);
        Assert.Equal(FdroidUpdateKind.Current, (await site.Repository.UpdateAsync(Now)).Kind);
        await site.Contents.DeleteAsync(first.State.Index, Now);
        var lost = await Assert.ThrowsAsync<SharingException>(() => site.Open().FindAsync(AppId.Parse("org.example.one"), Now));
        Assert.Equal(ProblemCodes.ContentDamaged, lost.Code);
        Assert.Equal(FdroidUpdateKind.Whole, (await site.Repository.UpdateAsync(Now)).Kind);
        Assert.NotNull(await site.Repository.FindAsync(AppId.Parse("org.example.one"), Now));
    }

    [Fact]
    [Trait("Row", "A8")]
    public async Task An_older_state_is_refused_and_what_was_held_is_held_on()
    {
        await using var site = await FdroidSite.StartAsync(states, 2);
        var held = await site.Repository.UpdateAsync(Now);
        site.State = 1;
        await RefusesAsync(site, PackageFault.Index);
        Assert.Equal(held.State, await site.Repository.StateAsync(Now));
        Assert.Equal(2, (await site.Repository.FindAsync(AppId.Parse("org.example.one"), Now))!.Packages.Count);
    }

    [Fact]
    [Trait("Row", "A8")]
    public async Task The_same_time_with_other_content_is_refused()
    {
        await using var site = await FdroidSite.StartAsync(states, 2);
        var held = await site.Repository.UpdateAsync(Now);
        var entry = site.Entry();
        site.Replace(entry["index"]!.AsObject(), Altered(site.File("index-v2.json"), "App org.example.one", "App org.example.0ne"));
        await site.ServeAsync(entry);
        await RefusesAsync(site, PackageFault.Index);
        Assert.Equal(held.State, await site.Repository.StateAsync(Now));
    }

    [Fact]
    [Trait("Row", "A8")]
    public async Task Another_signer_is_refused_whether_named_or_met_first()
    {
        await using var site = await FdroidSite.StartAsync(states);
        var named = site.Open(new string('a', 64));
        Assert.Equal(PackageFault.Signature, (await Assert.ThrowsAsync<PackageFormatException>(() => named.UpdateAsync(Now))).Reason);
        Assert.Null(await named.StateAsync(Now));

        var held = await site.Repository.UpdateAsync(Now);
        var spelled = string.Join(':', held.State.Fingerprint.ToUpperInvariant().Chunk(2).Select(pair => new string(pair)));
        Assert.Equal(FdroidUpdateKind.Current, (await site.Open(spelled).UpdateAsync(Now)).Kind);

        site.State = 2;
        site.Files["entry.jar"] = await states.SignByAsync(site.Entry().ToJsonString(), states.Author);
        await RefusesAsync(site, PackageFault.Signature);
        Assert.Equal(held.State, await site.Repository.StateAsync(Now));
    }

    [Fact]
    [Trait("Row", "A8")]
    public async Task Two_signers_old_digests_and_a_certificate_too_small_for_a_key_are_refused()
    {
        await using var site = await FdroidSite.StartAsync(states);
        var entry = site.Entry().ToJsonString();
        site.Files["entry.jar"] = await states.SignAsync(entry);
        await site.Repository.UpdateAsync(Now);
        site.State = 2;
        entry = site.Entry().ToJsonString();
        site.Files["entry.jar"] = await states.SignAsync(entry, "SHA-256", states.Author);
        await RefusesAsync(site, PackageFault.Signature);
        foreach (var digest in (string[])["SHA-1", "MD5"])
        {
            site.Files["entry.jar"] = await states.SignAsync(entry, digest);
            await RefusesAsync(site, PackageFault.Signature);
        }

        Assert.Equal(64, FdroidEntry.FingerprintOf(new byte[256]).Length);
        Assert.Equal(PackageFault.Signature, Assert.Throws<PackageFormatException>(() => FdroidEntry.FingerprintOf(new byte[255])).Reason);
    }

    [Theory]
    [InlineData("index-v2.json", "App org.example.one", "App org.example.0ne")]
    [InlineData("index-v2.json", "App org.example.one", "App org.example.one ")]
    [InlineData("index-v2.json", "App org.example.one", "App org.example.on")]
    [InlineData("entry.jar", "entry.json", "entry.jsoN")]
    [Trait("Row", "A8")]
    public async Task A_file_that_was_altered_is_refused(string file, string from, string to)
    {
        await using var site = await FdroidSite.StartAsync(states);
        site.Files[file] = Altered(site.File(file), from, to);
        await Assert.ThrowsAsync<PackageFormatException>(() => site.Repository.UpdateAsync(Now));
        Assert.Null(await site.Repository.StateAsync(Now));
        Assert.Null(await site.Repository.FindAsync(AppId.Parse("org.example.one"), Now));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    [Trait("Row", "A8")]
    public async Task A_right_hash_with_a_wrong_size_is_refused(int more)
    {
        await using var site = await FdroidSite.StartAsync(states);
        var entry = site.Entry();
        entry["index"]!["size"] = (long)entry["index"]!["size"]! + more;
        await site.ServeAsync(entry);
        await RefusesAsync(site, PackageFault.Index);
    }

    [Fact]
    [Trait("Row", "A8")]
    public async Task Where_a_difference_was_altered_or_is_gone_the_whole_index_is_fetched()
    {
        foreach (var gone in (bool[])[false, true])
        {
            await using var site = await FdroidSite.StartAsync(states);
            await site.Repository.UpdateAsync(Now);
            site.State = 2;
            var name = ((string)site.Entry()["diffs"]!.AsObject().Single().Value!["name"]!).TrimStart('/');
            site.Files[name] = gone ? [] : Altered(site.File(name), "org.example.one", "org.example.0ne");
            await ExpectWholeAsync(site);
            Assert.Contains(name, site.Asked);
        }
    }

    [Theory]
    [InlineData("""{"repo":{"timestamp":TIME},"packages":{"org.example.one":{"metadata":null}}}""")]
    [InlineData("""{"repo":{"timestamp":TIME},"packages":{"org.example.one":{"metadata":{"added":null}}}}""")]
    [InlineData("""{"repo":{"timestamp":TIME},"packages":{"org.example.one":{"versions":{"x":{"file":{"name":"/x"}}}}}}""")]
    [InlineData("""{"repo":{"timestamp":TIME},"packages":{"org.example.one":null}}""")]
    [InlineData("""{"repo":{"timestamp":1},"packages":{}}""")]
    [InlineData("""{"repo":null}""")]
    [InlineData("""{"repo":{"timestamp":TIME},"packages":null}""")]
    [InlineData("""{"repo":{"timestamp":TIME},"packages":{},"packages":{}}""")]
    [InlineData("[]")]
    [InlineData("nonsense")]
    [InlineData("")]
    [Trait("Row", "A8")]
    public async Task Where_a_difference_does_not_lead_to_the_new_state_the_whole_index_is_fetched(string difference)
    {
        await using var site = await FdroidSite.StartAsync(states);
        await site.Repository.UpdateAsync(Now);
        site.State = 2;
        var entry = site.Entry();
        site.Replace(entry["diffs"]!.AsObject().Single().Value!.AsObject(), Encoding.UTF8.GetBytes(difference.Replace("TIME", $"{entry["timestamp"]}", StringComparison.Ordinal)));
        await site.ServeAsync(entry);
        await ExpectWholeAsync(site);
    }

    [Fact]
    [Trait("Row", "A8")]
    public async Task A_difference_is_applied_to_nothing_but_what_was_taken_then()
    {
        await using var site = await FdroidSite.StartAsync(states);
        var held = (await site.Repository.UpdateAsync(Now)).State;
        var key = RecordKey.Of("fdroid", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(site.Repository.Source.Address.AbsoluteUri))));

        // The record names another index than the one that was taken, as a mixed-up backup would.
        var other = await site.Contents.PutAsync(new MemoryStream(Altered(site.File("index-v2.json"), "App org.example.two", "App org.example.2wo")), cancellationToken: Now);
        await site.Records.CommitAsync(new RecordBatch().Put(key, held with { Index = other.Id }, FdroidJson.Default.FdroidState, RecordBatch.Any), Now);
        site.State = 2;
        var update = await ExpectWholeAsync(site);
        Assert.Contains(site.Asked, name => name.StartsWith("diff/", StringComparison.Ordinal));
        Assert.True(update.Fetched > site.File("index-v2.json").Length);
        Assert.Equal("App org.example.two", (await site.Repository.FindAsync(AppId.Parse("org.example.two"), Now))!.Name);
    }

    [Fact]
    [Trait("Row", "A8")]
    public async Task An_app_of_which_something_is_missing_is_left_out_and_the_others_stay()
    {
        await using var site = await FdroidSite.StartAsync(states);
        var index = JsonNode.Parse(site.File("index-v2.json"))!;
        index["packages"]!["org.example.two"]!["versions"]!.AsObject().First().Value!["file"]!["name"] = "/../../elsewhere.apk";
        var entry = site.Entry();
        site.Replace(entry["index"]!.AsObject(), Encoding.UTF8.GetBytes(index.ToJsonString()));
        await site.ServeAsync(entry);
        Assert.Equal(1, (await site.Repository.UpdateAsync(Now)).LeftOut);
        Assert.Null(await site.Repository.FindAsync(AppId.Parse("org.example.two"), Now));
        Assert.NotNull(await site.Repository.FindAsync(AppId.Parse("org.example.one"), Now));
    }

    [Fact]
    [Trait("Row", "A8")]
    public async Task The_index_that_is_not_held_any_more_may_go_and_the_one_that_is_may_not()
    {
        await using var site = await FdroidSite.StartAsync(states);
        var first = (await site.Repository.UpdateAsync(Now)).State;
        Assert.Single((await site.Repository.FindAsync(AppId.Parse("org.example.one"), Now))!.Packages);
        site.State = 2;
        var second = (await site.Repository.UpdateAsync(Now)).State;
        Assert.Equal(2, (await site.Repository.FindAsync(AppId.Parse("org.example.one"), Now))!.Packages.Count);
        var references = new ContentReferences(site.Records, site.Contents, new FakeClock());
        await references.SweepAsync(_ => { }, new() { Grace = TimeSpan.FromDays(1) }, Now);
        Assert.Null(await site.Contents.FindAsync(first.Index, Now));
        Assert.NotNull(await site.Contents.FindAsync(second.Index, Now));
    }

    static async Task<FdroidUpdate> ExpectWholeAsync(FdroidSite site)
    {
        var update = await site.Repository.UpdateAsync(Now);
        Assert.Equal(FdroidUpdateKind.Whole, update.Kind);
        Assert.Equal(2, (await site.Repository.FindAsync(AppId.Parse("org.example.one"), Now))!.Packages.Count);
        return update;
    }

    static async Task RefusesAsync(FdroidSite site, PackageFault fault) =>
        Assert.Equal(fault, (await Assert.ThrowsAsync<PackageFormatException>(() => site.Repository.UpdateAsync(Now))).Reason);

    static string Said(FdroidApp? app) => $"{app!.Name} {app.PreferredSigner} " + string.Join(' ', app.Packages.Select(one =>
        $"{one.Package.VersionCode} {one.Package.Version} {one.Package.MinSdk} {one.Package.TargetSdk} {one.Package.MaxSdk} {one.Package.Sha256} {one.Package.Length} {string.Join(',', one.Package.Abis)} {string.Join(',', one.Package.Features)} {one.Address.AbsolutePath}"));

    static byte[] Altered(byte[] bytes, string from, string to)
    {
        var text = Encoding.Latin1.GetString(bytes);
        Assert.Contains(from, text, StringComparison.Ordinal);
        return Encoding.Latin1.GetBytes(text.Replace(from, to, StringComparison.Ordinal));
    }

    sealed class FakeClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddDays(30);
    }
}
