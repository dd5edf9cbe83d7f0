using Sharing.Core;
using Xunit;

namespace Sharing.Testing;

#pragma warning disable CS1591 // the names of the tests say it
public abstract partial class RecordStoreSuite
{
    [Fact]
    public async Task A_scan_of_all_finds_every_kind_in_order()
    {
        RecordKey[] keys = [RecordKey.Of("-"), RecordKey.Of("a", "1"), Key("~"), RecordKey.Of("z-z", "ü"), RecordKey.Of("zz")];
        foreach (var key in keys)
        {
            await PutAsync(key);
        }

        Assert.Equal(keys, (await ScanAsync(RecordRange.All)).Select(r => r.Key));
    }

    [Fact]
    public async Task A_scan_of_nothing_is_empty() => Assert.Empty(await ScanAsync(RecordRange.Under("suite")));

    [Fact]
    public async Task A_scan_goes_by_key_bytewise()
    {
        string[] names = ["b", "a", "B", "A", "a-b", "a.b", "a/b", "a_b", "a~b", "ä", "10", "9", "~", "-", "aa"];
        foreach (var name in names)
        {
            await PutAsync(Key(name), name);
        }

        await PutAsync(Key("a", "b"));
        var keys = (await ScanAsync(RecordRange.Under("suite"))).Select(r => r.Key.Value).ToList();
        Assert.Equal(names.Length + 1, keys.Count);
        Assert.Equal(keys.Order(StringComparer.Ordinal), keys);
    }

    [Fact]
    public async Task A_scan_under_some_parts_finds_what_goes_on_from_them_and_nothing_else()
    {
        RecordKey[] inside = [Key("a", "1"), Key("a", "1", "x"), Key("a", "~"), Key("a", "-")];
        RecordKey[] outside = [Key("a"), Key("a-"), Key("ab"), Key("a0"), Key("a/1"), Key("A", "1"), Key("b", "1"), RecordKey.Of("suit", "a", "1"),
            RecordKey.Of("suites", "a", "1"), RecordKey.Of("suite-a", "1")];
        foreach (var key in inside.Concat(outside))
        {
            await PutAsync(key);
        }

        Assert.Equal(inside.Order(), (await ScanAsync(RecordRange.Under("suite", "a"))).Select(r => r.Key));
        Assert.Empty(await ScanAsync(RecordRange.Under("suite", "none")));
    }

    [Fact]
    public async Task A_range_after_a_key_leaves_it_out_and_a_range_before_a_key_too()
    {
        foreach (var name in new[] { "a", "b", "c", "d", "e" })
        {
            await PutAsync(Key(name));
        }

        await PutAsync(Key("b", "more"));
        var all = RecordRange.Under("suite");

        Assert.Equal([Key("b", "more"), Key("c"), Key("d"), Key("e")], (await ScanAsync(all.After(Key("b")))).Select(r => r.Key));
        Assert.Equal([Key("a"), Key("b"), Key("b", "more"), Key("c")], (await ScanAsync(all.Before(Key("d")))).Select(r => r.Key));
        Assert.Equal([Key("c"), Key("d")], (await ScanAsync(all.After(Key("b", "more")).Before(Key("e")))).Select(r => r.Key));
        Assert.Equal([Key("c"), Key("d"), Key("e")], (await ScanAsync(all.After(Key("bb")))).Select(r => r.Key));
        Assert.Empty(await ScanAsync(all.After(Key("e"))));
        Assert.Empty(await ScanAsync(all.Before(Key("a"))));
        Assert.Empty(await ScanAsync(all.After(Key("d")).Before(Key("b"))));
        Assert.Equal(6, (await ScanAsync(all.After(RecordKey.Of("a", "z")))).Count);
        Assert.Equal(6, (await ScanAsync(all.Before(RecordKey.Of("z", "a")))).Count);
    }

    [Fact]
    public async Task The_beginnings_of_many_ranges_are_read_in_their_order()
    {
        foreach (var name in (string[])["a", "b", "c"])
        {
            for (var i = 0; i < 5; i++)
            {
                await PutAsync(RecordKey.Of("suite", name, i.ToString(System.Globalization.CultureInfo.InvariantCulture)), name + i);
            }
        }

        var heads = await Records.HeadsAsync(
            [RecordRange.Under("suite", "b"), RecordRange.Under("suite", "none"), RecordRange.Under("suite", "a").After(RecordKey.Of("suite", "a", "2")), RecordRange.Under("suite", "b"), RecordRange.One(RecordKey.Of("suite", "c", "4"))],
            3, Cancel);

        Assert.Equal([["b/0", "b/1", "b/2"], [], ["a/3", "a/4"], ["b/0", "b/1", "b/2"], ["c/4"]], heads.Select(static head => head.Select(static record => $"{record.Key.Part(0)}/{record.Key.Part(1)}").ToArray()).ToArray());
        Assert.Equal((await Records.GetAsync(RecordKey.Of("suite", "c", "4"), Cancel))!.Version, heads[^1][0].Version);
        Assert.Empty(await Records.HeadsAsync([], 1, Cancel));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await Records.HeadsAsync([RecordRange.All], 0, Cancel));
    }

    [Fact]
    public async Task One_record_is_a_range_of_its_own()
    {
        await PutAsync(Key("a"), "1");
        await PutAsync(Key("a", "b"), "2");
        await PutAsync(Key("aa"), "3");
        Assert.Equal([Key("a")], (await ScanAsync(RecordRange.One(Key("a")))).Select(r => r.Key));
        Assert.Empty(await ScanAsync(RecordRange.One(Key("b"))));
    }

    [Fact]
    public async Task Beginnings_of_large_values_are_whole()
    {
        var json = new byte[Record.MaxJsonLength];
        json.AsSpan().Fill((byte)' ');
        json[^1] = (byte)'1';
        for (var i = 0; i < 8; i++)
        {
            await Records.CommitAsync(new RecordBatch().Put(Numbered(i), json, RecordBatch.Absent), Cancel);
        }

        Assert.Equal(7, (await Records.HeadsAsync([RecordRange.Under("suite")], 7, Cancel))[0].Count);
    }

    [Fact]
    public async Task A_scan_finds_all_of_many_records_once()
    {
        await FillAsync(1234);

        Assert.Equal(Enumerable.Range(0, 1234).Select(Numbered), (await ScanAsync(RecordRange.Under("suite"))).Select(r => r.Key));
    }

    [Fact]
    public async Task A_scan_gets_through_large_values()
    {
        var json = new byte[Record.MaxJsonLength];
        json.AsSpan().Fill((byte)' ');
        json[^1] = (byte)'1';
        for (var i = 0; i < 20; i++)
        {
            await Records.CommitAsync(new RecordBatch().Put(Numbered(i), json, RecordBatch.Absent), Cancel);
        }

        var found = await ScanAsync(RecordRange.Under("suite"));
        Assert.Equal(20, found.Count);
        Assert.All(found, record => Assert.True(record.Json.Span.SequenceEqual(json)));
    }

    [Fact]
    public async Task A_scan_can_be_run_again_and_shows_what_is_there_then()
    {
        await PutAsync(Key("a"));
        var scan = Records.ScanAsync(RecordRange.Under("suite"), Cancel);

        Assert.Equal(1, await CountAsync(scan));
        await PutAsync(Key("b"));
        Assert.Equal(2, await CountAsync(scan));
    }

    [Fact]
    public async Task Odd_characters_are_parts_like_any_other()
    {
        string[] names = ["/", "//", "%", "%2F", " ", "\0", "a\0b", "\n\r\t", "'; DROP TABLE records; --", "\"", "\\", "?*[]", "ß", "İ", "ı", "世界", "🎈",
            "é", "e\u0301", "\u202E", "\uFFFF", ".", "..", "NULL", new string('x', 980)];
        foreach (var name in names)
        {
            await PutAsync(Key(name), "x");
        }

        foreach (var name in names)
        {
            var record = await Records.GetAsync(Key(name), Cancel);
            Assert.Equal(name, record?.Key.Part(0));
        }

        Assert.Equal(names.Order(StringComparer.Ordinal),
            (await ScanAsync(RecordRange.Under("suite"))).Select(r => r.Key.Part(0)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_key_of_the_greatest_length_is_kept_and_scanned_around()
    {
        var longest = Key(new string('x', RecordKey.MaxLength - "suite/".Length));
        Assert.Equal(RecordKey.MaxLength, longest.Value.Length);
        await PutAsync(longest);
        await PutAsync(Key("y"));

        Assert.NotNull(await Records.GetAsync(longest, Cancel));
        Assert.Equal([longest, Key("y")], (await ScanAsync(RecordRange.Under("suite"))).Select(r => r.Key));
        Assert.Equal([Key("y")], (await ScanAsync(RecordRange.Under("suite").After(longest))).Select(r => r.Key));
    }

    [Fact(Timeout = 60_000)]
    public async Task Nothing_stays_locked_while_a_scan_is_under_way()
    {
        await FillAsync(300);
        var seen = 0;
        await foreach (var record in Records.ScanAsync(RecordRange.Under("suite"), Cancel))
        {
            Assert.Equal(Numbered(seen++), record.Key);
            await PutAsync(RecordKey.Of("other", record.Key.Part(0)));
            Assert.True((await Records.CommitAsync(new RecordBatch().Delete(record.Key, record.Version), Cancel)).Committed);
        }

        Assert.Equal(300, seen);
        Assert.Empty(await ScanAsync(RecordRange.Under("suite")));
        Assert.Equal(300, (await ScanAsync(RecordRange.Under("other"))).Count);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_scan_given_up_midway_leaves_nothing_behind()
    {
        await FillAsync(300);
        for (var i = 0; i < 100; i++)
        {
            await foreach (var record in Records.ScanAsync(RecordRange.Under("suite"), Cancel))
            {
                Assert.Equal(Numbered(0), record.Key);
                break;
            }

            await PutAsync(Key("after"));
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task A_scan_while_others_write_sees_each_untouched_record_once_and_no_record_twice()
    {
        await FillAsync(500);
        using var done = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var writer = Task.Run(async () =>
        {
            for (var i = 0; !done.IsCancellationRequested; i = (i + 7) % 500)
            {
                // Between the numbered ones, sometimes there and sometimes not.
                var batch = new RecordBatch();
                batch = i % 2 == 0
                    ? batch.Put(Key(Numbered(i).Part(0), "a"), Json("x"), RecordBatch.Any).Delete(Key(Numbered(i).Part(0), "b"), RecordBatch.Any)
                    : batch.Put(Key(Numbered(i).Part(0), "b"), Json("x"), RecordBatch.Any).Delete(Key(Numbered(i).Part(0), "a"), RecordBatch.Any);
                await Records.CommitAsync(batch, CancellationToken.None);
                await Task.Yield();
            }
        }, Cancel);

        for (var round = 0; round < 20; round++)
        {
            var keys = (await ScanAsync(RecordRange.Under("suite"))).Select(r => r.Key.Value).ToList();
            Assert.Equal(keys.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal), keys);
            Assert.Equal(500, keys.Count(key => key.Count(c => c == '/') == 1));
        }

        await done.CancelAsync();
        await writer;
    }

    async Task FillAsync(int count)
    {
        for (var first = 0; first < count; first += 250)
        {
            var batch = new RecordBatch();
            for (var i = first; i < Math.Min(count, first + 250); i++)
            {
                batch.Put(Numbered(i), Json("x"), RecordBatch.Any);
            }

            Assert.True((await Records.CommitAsync(batch, Cancel)).Committed);
        }
    }

    static async Task<int> CountAsync(IAsyncEnumerable<Record> records)
    {
        var count = 0;
        await foreach (var _ in records)
        {
            count++;
        }

        return count;
    }

    static RecordKey Numbered(int number) => Key(RecordKey.Number(number));
}
