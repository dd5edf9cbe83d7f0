using Sharing.Core;
using Sharing.Offline;

namespace Sharing.Tests.Network;

/// <summary>A cursor says nothing, and is good for one reader and one list.</summary>
[Trait("Row", "R4")]
public sealed class SealedCursorsTests
{
    static readonly PersonId Anna = PersonId.Parse("anna"), Ben = PersonId.Parse("ben");
    static readonly PagePlace Place = new(RecordKey.Descending(1_700_000_000_000), "secret");

    readonly MemoryRecordStore _records = new();

    [Fact]
    public async Task It_leads_back_to_its_place_on_every_host_of_the_records()
    {
        var text = await new SealedCursors(_records, "feed").SealAsync(Anna, Place, default);
        Assert.Equal(Place, await new SealedCursors(_records, "feed").OpenAsync(Anna, text, default));
        Assert.Null(await new SealedCursors(_records, "feed").OpenAsync(Anna, null, default));
        Assert.Null(await new SealedCursors(_records, "feed").SealAsync(Anna, null, default));
    }

    [Fact]
    public async Task Two_of_different_places_have_one_length_and_none_shows_its_place()
    {
        var cursors = new SealedCursors(_records, "feed");
        var (one, other) = (await cursors.SealAsync(Anna, Place, default), await cursors.SealAsync(Anna, Place with { Id = new string('x', 64) }, default));
        Assert.Equal(one!.Length, other!.Length);
        Assert.DoesNotContain("secret", Text(one), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ben", "feed")]
    [InlineData("anna", "posts")]
    public async Task It_is_refused_from_another_reader_and_for_another_list(string reader, string list)
    {
        var text = await new SealedCursors(_records, "feed").SealAsync(Anna, Place, default);
        await RefusesAsync(list, PersonId.Parse(reader), text!);
    }

    [Fact]
    public async Task A_changed_a_cut_or_an_invented_one_is_refused()
    {
        var text = await new SealedCursors(_records, "feed").SealAsync(Ben, Place, default);
        foreach (var wrong in new[] { "", "1", text![1..], text[..^4], "A" + text[1..^1] + (text[^1] == 'A' ? 'Q' : 'A'), text + "AAAA", "9223370241590667204.H2secret" })
        {
            await RefusesAsync("feed", Ben, wrong);
        }
    }

    async Task RefusesAsync(string list, PersonId reader, string text) => Assert.Equal(
        ProblemCodes.InvalidInput,
        (await Assert.ThrowsAsync<SharingException>(() => new SealedCursors(_records, list).OpenAsync(reader, text, default).AsTask())).Code);

    static string Text(string cursor) => System.Text.Encoding.Latin1.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(cursor));
}
