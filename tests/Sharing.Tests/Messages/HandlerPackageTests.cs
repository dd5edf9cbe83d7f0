using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Sharing.Core;
using Sharing.Messaging;
using Sharing.Testing;
using static Sharing.Tests.Messages.TestHandlers;

namespace Sharing.Tests.Messages;

/// <summary>Packages that are not to be taken: each is refused with its reason, and nothing of it is left anywhere.</summary>
[Trait("Row", "M7")]
public sealed class HandlerPackageTests : IDisposable
{
    readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256), _other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    readonly string _folder = Directory.CreateTempSubdirectory("sharing-test-").FullName;
    readonly MemoryRecordStore _records = new();
    readonly FakeTimeProvider _clock = new();

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    HandlerStore Store => new(Path.Combine(_folder, "handlers"), _records, Runner(), _clock);

    public void Dispose()
    {
        _key.Dispose();
        _other.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_signed_package_is_unpacked_and_its_signer_is_asked_for_once()
    {
        var asked = 0;
        ValueTask<bool> Consent(HandlerOffer offer) => ValueTask.FromResult(++asked > 0);
        var first = await PackAsync(_key);
        await RefusedAsync(HandlerFault.NotTrusted, first);
        var handler = await InstallAsync(first, Manifest, Consent);
        Assert.Equal("up and down", await OpenAsync(handler, "up and down"));
        var next = Manifest with { Version = 2 };
        await InstallAsync(await PackAsync(_key, next, ("open.sh", "echo new > output\n")), next, Consent);
        Assert.Equal(1, asked);
        Assert.Equal("new\n", await OpenAsync(Assert.Single(await Store.ListAsync(Cancel)), ""));
        Assert.True(await Store.RemoveAsync(Manifest.Id, Cancel));
        Assert.False(await Store.RemoveAsync(Manifest.Id, Cancel));
        Assert.Empty(await Store.ListAsync(Cancel));
    }

    [Fact]
    public async Task The_same_files_make_the_same_package() => Assert.Equal(WithoutSignature(await PackAsync(_key)), WithoutSignature(await PackAsync(_key)));

    [Fact]
    public async Task Unsigned_or_signed_by_another_than_is_said_it_is_refused()
    {
        var file = Encoding.UTF8.GetBytes("x");
        var manifest = Manifest with { Files = [FileOf("open.sh", file)] };
        await RefusedAsync(HandlerFault.Unsigned, Forge(_key, manifest, [("open.sh", file)], signer: _other), manifest);
        await RefusedAsync(HandlerFault.Unsigned, Without(await PackAsync(_key), "signature.json"));
        var package = await PackAsync(_other); // signed well, by somebody else than the index says
        await RefusedAsync(HandlerFault.OtherSigner, package, offer: OfferOf(package, Manifest, _key));
    }

    [Fact]
    public async Task Another_signer_than_of_the_version_that_is_here_is_refused_whoever_says_yes()
    {
        await InstallAsync(await PackAsync(_key), Manifest, Yes);
        var next = Manifest with { Version = 2 };
        await RefusedAsync(HandlerFault.OtherSigner, await PackAsync(_other, next), next, key: _other, consent: Yes);
    }

    [Fact]
    public async Task An_older_version_than_is_here_is_refused()
    {
        var second = Manifest with { Version = 2 };
        await InstallAsync(await PackAsync(_key, second), second, Yes);
        await RefusedAsync(HandlerFault.RolledBack, await PackAsync(_key), consent: Yes);
        await RefusedAsync(HandlerFault.RolledBack, await PackAsync(_key, second, ("open.sh", "other")), second, consent: Yes); // the same number, other bytes
    }

    [Fact]
    public async Task Whose_time_is_over_it_is_neither_taken_nor_run()
    {
        var manifest = Manifest with { Expires = _clock.GetUtcNow() + TimeSpan.FromDays(1) };
        var package = await PackAsync(_key, manifest);
        var handler = await InstallAsync(package, manifest, Yes);
        _clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(HandlerFault.Expired, (await Assert.ThrowsAsync<HandlerRefusedException>(() => OpenAsync(handler, "x"))).Fault);
        await RefusedAsync(HandlerFault.Expired, package, manifest, consent: Yes);
    }

    [Fact]
    public async Task The_signature_of_another_package_does_not_pass_for_its_own()
    {
        var (one, two) = (await PackAsync(_key), await PackAsync(_key, Manifest with { Id = "org.example.other" }));
        await RefusedAsync(HandlerFault.Unsigned, Replace(two, "signature.json", EntryOf(one, "signature.json")));
        await RefusedAsync(HandlerFault.Changed, two, offer: OfferOf(one, Manifest, _key)); // another than the index names
        var lied = OfferOf(two, Manifest with { Id = "org.example.player" }, _key);
        await RefusedAsync(HandlerFault.Changed, two, offer: lied); // the right bytes under another name
    }

    [Fact]
    public async Task What_was_changed_after_it_was_signed_or_after_it_was_checked_is_not_run()
    {
        await RefusedAsync(HandlerFault.Changed, Replace(await PackAsync(_key), "open.sh", "evil"u8.ToArray()));
        await RefusedAsync(HandlerFault.Changed, Replace(await PackAsync(_key), "open.sh", "tail -c +9 input > output\n"u8.ToArray())); // as long as what was signed
        var package = await PackAsync(_key);
        var handler = await InstallAsync(package, Manifest, Yes);
        var path = Directory.GetFiles(_folder, "open.sh", SearchOption.AllDirectories).Single();
        await File.WriteAllTextAsync(path, "cat /etc/passwd > output", Cancel);
        Assert.Equal(HandlerFault.Changed, (await Assert.ThrowsAsync<HandlerRefusedException>(() => OpenAsync(handler, "x"))).Fault);
        File.Delete(path);
        File.CreateSymbolicLink(path, "/usr/bin/true");
        Assert.Equal(HandlerFault.Changed, (await Assert.ThrowsAsync<HandlerRefusedException>(() => OpenAsync(handler, "x"))).Fault);
        File.Delete(path);
        await InstallAsync(package, Manifest, Yes); // mended by fetching it again
        Assert.Equal("x", await OpenAsync(handler, "x"));
        await File.WriteAllTextAsync(Path.Combine(Path.GetDirectoryName(path)!, "more.sh"), "x", Cancel); // nobody signed it, and nothing sees it
        Assert.Equal("x", await OpenAsync(handler, "x"));
    }

    [Theory]
    [InlineData("../evil.sh")]
    [InlineData("/evil.sh")]
    [InlineData("a/../../evil.sh")]
    [InlineData("a\\..\\evil.sh")]
    [InlineData("c:evil.sh")]
    [InlineData("evil.sh.")]
    [InlineData("con.sh")]
    [InlineData("Evil.sh")]
    [InlineData("evil.sh:stream")]
    [InlineData("./evil.sh")]
    [InlineData("a//evil.sh")]
    [InlineData("manifest.json")]
    public async Task Paths_that_lead_elsewhere_on_any_system_are_refused(string path)
    {
        var (evil, good) = (Encoding.UTF8.GetBytes("evil"), Encoding.UTF8.GetBytes("good"));
        var manifest = Manifest with { Files = [FileOf("open.sh", good), FileOf(path, evil)] };
        await RefusedAsync(HandlerFault.Malformed, Forge(_key, manifest, [("open.sh", good), (path, evil)]), manifest);
    }

    [Fact]
    public async Task A_link_in_the_archive_is_unpacked_as_the_file_that_was_signed()
    {
        var file = Encoding.UTF8.GetBytes("/etc/passwd");
        var manifest = Manifest with { Files = [FileOf("open.sh", file)] };
        var package = Forge(_key, manifest, [("open.sh", file)], attributes: unchecked((int)0xA1FF0000)); // S_IFLNK
        await InstallAsync(package, manifest, Yes);
        var path = Directory.GetFiles(_folder, "open.sh", SearchOption.AllDirectories).Single();
        Assert.Null(new FileInfo(path).LinkTarget);
        Assert.Equal("/etc/passwd", await File.ReadAllTextAsync(path, Cancel));
    }

    [Fact]
    public async Task Bombs_a_million_entries_and_duplicate_names_are_refused_at_once()
    {
        var zeros = new byte[100 << 20];
        var manifest = Manifest with { Files = [new("open.sh", 10, HandlerPackage.HashOf([1]))] };
        var bomb = Forge(_key, manifest, [("open.sh", zeros)]);
        Assert.True(bomb.Length < 1 << 20);
        await RefusedAsync(HandlerFault.Changed, bomb, manifest, consent: Yes);
        var named = Manifest with { Files = [new("open.sh", 1L << 40, HandlerPackage.HashOf([1]))] };
        await RefusedAsync(HandlerFault.TooLarge, Forge(_key, named, [("open.sh", [1])]), named);
        var million = await PackAsync(_key);
        var end = million.AsSpan().LastIndexOf("PK\x05\x06"u8);
        BinaryPrimitives.WriteUInt16LittleEndian(million.AsSpan(end + 10), 0xFFFF); // ZIP64: the number is elsewhere
        await RefusedAsync(HandlerFault.TooLarge, million);
        var file = Encoding.UTF8.GetBytes("x");
        var twice = Manifest with { Files = [FileOf("open.sh", file)] };
        await RefusedAsync(HandlerFault.Malformed, Forge(_key, twice, [("open.sh", file), ("open.sh", Encoding.UTF8.GetBytes("y"))]), twice);
        await RefusedAsync(HandlerFault.Changed, Forge(_key, twice, [("open.sh", file), ("more.sh", file)]), twice); // one that is not signed
    }

    [Fact]
    public async Task What_is_for_another_platform_or_no_package_at_all_is_refused()
    {
        var manifest = Manifest with { Platform = "win-arm64" };
        await RefusedAsync(HandlerFault.OtherPlatform, await PackAsync(_key, manifest), manifest);
        await RefusedAsync(HandlerFault.Malformed, [1, 2, 3]);
        await RefusedAsync(HandlerFault.Malformed, [.. "PK\x05\x06"u8, .. new byte[18]]);
        var random = new Random(1);
        var package = await PackAsync(_key);
        for (var i = 0; i < 500; i++)
        {
            var bytes = package.ToArray();
            for (var k = 0; k < 3; k++)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            try
            {
                await HandlerPackage.ReadAsync(await ReaderAsync(bytes), Cancel);
            }
            catch (HandlerRefusedException)
            {
                // As it should.
            }
        }
    }

    [Fact]
    public async Task An_index_that_is_older_held_back_signed_by_another_or_altered_is_refused()
    {
        using var shelf = ShelfOf();
        using var other = ShelfOf();
        await shelf.AddAsync(new MemoryStream(await PackAsync(_key)), Cancel);
        var first = (await shelf.IndexAsync(Cancel))!;
        var next = Manifest with { Version = 2 };
        await shelf.AddAsync(new MemoryStream(await PackAsync(_key, next)), Cancel);
        Assert.Equal(2, (await Store.TakeAsync((await shelf.IndexAsync(Cancel))!, Cancel)).Handlers.Single().Version);
        await IndexRefusedAsync(HandlerFault.RolledBack, first);
        await IndexRefusedAsync(HandlerFault.Unsigned, first with { Index = Convert.ToBase64String("{\"version\":9,\"expires\":\"2999-01-01T00:00:00Z\",\"handlers\":[]}"u8) });
        await other.AddAsync(new MemoryStream(await PackAsync(_key)), Cancel);
        await IndexRefusedAsync(HandlerFault.OtherSigner, (await other.IndexAsync(Cancel))!);
        var last = (await shelf.IndexAsync(Cancel))!;
        _clock.Advance(TimeSpan.FromDays(8));
        await IndexRefusedAsync(HandlerFault.Expired, last);
    }

    HandlerShelf ShelfOf()
    {
        var (records, store) = (new MemoryRecordStore(), new MemoryContentStore());
        return new(records, store, new(records, store, _clock), _clock);
    }

    static ValueTask<bool> Yes(HandlerOffer offer) => ValueTask.FromResult(true);

    async Task<IResourceHandler> InstallAsync(byte[] package, HandlerManifest manifest, Func<HandlerOffer, ValueTask<bool>> consent)
    {
        await using var reader = await ReaderAsync(package);
        return await Store.InstallAsync(OfferOf(package, manifest, _key), reader, consent, Cancel);
    }

    async Task RefusedAsync(HandlerFault fault, byte[] package, HandlerManifest? manifest = null, HandlerOffer? offer = null, ECDsa? key = null, Func<HandlerOffer, ValueTask<bool>>? consent = null)
    {
        var before = Files();
        await using var reader = await ReaderAsync(package);
        var refused = await Assert.ThrowsAsync<HandlerRefusedException>(() => Store.InstallAsync(offer ?? OfferOf(package, manifest ?? Manifest, key ?? _key), reader, consent, Cancel));
        Assert.Equal(fault, refused.Fault);
        Assert.Equal(before, Files());
        Assert.False(File.Exists(Path.Combine(_folder, "evil.sh")));
    }

    async Task IndexRefusedAsync(HandlerFault fault, SignedHandlerIndex index) => Assert.Equal(fault, (await Assert.ThrowsAsync<HandlerRefusedException>(() => Store.TakeAsync(index, Cancel))).Fault);

    string[] Files() => [.. Directory.GetFileSystemEntries(_folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    static byte[] EntryOf(byte[] package, string name)
    {
        using var zip = new ZipArchive(new MemoryStream(package));
        using var file = zip.GetEntry(name)!.Open();
        using var bytes = new MemoryStream();
        file.CopyTo(bytes);
        return bytes.ToArray();
    }

    static byte[] Replace(byte[] package, string name, byte[]? with)
    {
        using var output = new MemoryStream();
        using (var from = new ZipArchive(new MemoryStream(package)))
        using (var to = new ZipArchive(output, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var entry in from.Entries.Where(entry => entry.FullName != name || with is not null))
            {
                using var file = to.CreateEntry(entry.FullName).Open();
                file.Write(entry.FullName == name ? with : EntryOf(package, entry.FullName));
            }
        }

        return output.ToArray();
    }

    static byte[] Without(byte[] package, string name) => Replace(package, name, null);

    static string[] WithoutSignature(byte[] package)
    {
        using var zip = new ZipArchive(new MemoryStream(package));
        return [.. zip.Entries.Where(static entry => entry.FullName != "signature.json").Select(entry => $"{entry.FullName} {entry.Crc32} {entry.LastWriteTime}")];
    }
}
