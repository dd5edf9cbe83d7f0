using System.Net.Http.Headers;
using Sharing.AspNetCore;
using Sharing.Core;
using Sharing.P2P;
using Sharing.Tests.Content;
using Sharing.Tests.Hosting;
using Sharing.Trials.Scripted;

namespace Sharing.Tests.P2P;

/// <summary>Shares that are known from when their upload begins.</summary>
public sealed class UploadingShareTests
{
    static readonly byte[] s_bytes = Samples.Random(1, (2 * 1024 * 1024) + 7);

    [Fact]
    [Trait("Row", "D1")]
    public async Task A_share_opens_from_when_its_upload_begins_for_those_whom_it_is_for()
    {
        await using var bench = await SwarmBench.StartAsync();
        var shares = new HttpShares(bench.Server.Connect());
        var upload = await BeginAsync(bench, s_bytes, Samples.IdOf(s_bytes), "friends");
        var share = ShareOf(upload);
        Assert.Null(await shares.OpenAsync(null, share, null));
        var begun = (await shares.OpenAsync(SwarmBench.Anna, share, null))!;
        Assert.Equal((true, Samples.IdOf(s_bytes), (long)s_bytes.Length, "film.mkv"), (begun.IsUploading, begun.Content, begun.Length, begun.Name));
        await ResumeAsync(bench, upload, s_bytes);
        var complete = (await shares.OpenAsync(SwarmBench.Anna, share, null))!;
        Assert.Equal((false, begun.Content, begun.Share), (complete.IsUploading, complete.Content, complete.Share));
        Assert.Equal(200, await StatusAsync(bench, begun.Ticket)); // what was given out before opens it now
    }

    [Theory]
    [InlineData(null)]
    [InlineData("not an id")]
    [Trait("Row", "D1")]
    public async Task Without_a_content_id_it_opens_only_when_it_is_complete_and_a_wrong_one_is_refused_at_once(string? content)
    {
        await using var bench = await SwarmBench.StartAsync();
        if (content is not null)
        {
            Assert.Equal(ProblemCodes.InvalidInput, (await Assert.ThrowsAsync<SharingException>(() => BeginAsync(bench, s_bytes, content, "everyone"))).Code);
            return;
        }

        var upload = await BeginAsync(bench, s_bytes, "", "everyone");
        Assert.Null(await new HttpShares(bench.Server.Connect()).OpenAsync(null, ShareOf(upload), null));
        await ResumeAsync(bench, upload, s_bytes);
        Assert.NotNull(await new HttpShares(bench.Server.Connect()).OpenAsync(null, ShareOf(upload), null));
    }

    [Fact]
    [Trait("Row", "D1")]
    public async Task Bytes_that_are_not_what_was_said_are_refused_and_nothing_is_shared()
    {
        await using var bench = await SwarmBench.StartAsync();
        var upload = await BeginAsync(bench, s_bytes, Samples.IdOf(s_bytes), "everyone");
        using var patch = new HttpRequestMessage(HttpMethod.Patch, upload) { Content = new ByteArrayContent(Samples.Changed(s_bytes, 3)) };
        patch.Content.Headers.ContentType = new("application/offset+octet-stream");
        patch.Headers.Add("Upload-Offset", "0");
        patch.Headers.Add("Tus-Resumable", "1.0.0");
        patch.Headers.Authorization = new AuthenticationHeaderValue("Bearer", SharingHost.TokenOf(SwarmBench.Anna));
        using var answer = await bench.Server.Http.SendAsync(patch);
        Assert.Equal(460, (int)answer.StatusCode);
        Assert.Contains(ProblemCodes.ChecksumMismatch, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Null(await new HttpShares(bench.Server.Connect()).OpenAsync(SwarmBench.Anna, ShareOf(upload), null));
        Assert.Empty(await bench.Server.Get<IShares>().ListAsync(SwarmBench.Anna).ToListAsync());
        Assert.Equal(0, await bench.Server.Get<SpaceLedger>().UsedAsync(SwarmBench.Anna));
    }

    [Fact]
    [Trait("Row", "D5")]
    public async Task Who_says_the_id_of_what_others_have_gets_nothing_of_it_neither_from_the_server_nor_from_terminals()
    {
        await using var bench = await SwarmBench.StartAsync();
        var secret = await bench.ShareAsync(s_bytes, "friends");
        await using var owner = await HomeTerminal.StartAsync(bench.Server.Address, SwarmBench.Anna);
        Assert.Equal(s_bytes, await owner.GetAsync(new ShareLink { Server = bench.Server.Address, Share = secret }));
        var mallory = PersonId.Parse("mallory");
        var claimed = ShareOf(await BeginAsync(bench, s_bytes, Samples.IdOf(s_bytes), "everyone", mallory));
        var manifest = (await new HttpShares(bench.Server.Connect()).OpenAsync(mallory, claimed, null))!;
        Assert.Equal(404, await StatusAsync(bench, manifest.Ticket));
        Assert.Null(await owner.Get<HeldShares>().CheckAsync(manifest.Ticket, manifest.Content));
        var honest = (await new HttpShares(bench.Server.Connect()).OpenAsync(SwarmBench.Anna, secret, null))!;
        Assert.NotNull(await owner.Get<HeldShares>().CheckAsync(honest.Ticket, honest.Content));
    }

    [Fact]
    [Trait("Row", "D2")]
    public async Task A_fetch_goes_on_with_terminals_and_takes_from_the_server_once_it_has_it()
    {
        await using var bench = await SwarmBench.StartAsync();
        var upload = await BeginAsync(bench, s_bytes, Samples.IdOf(s_bytes), "everyone");
        await using var follower = await HomeTerminal.StartAsync(
            bench.Server.Address, PersonId.Parse("ben"), static sharing => sharing.WithTransfers(static transfers => (transfers.MaxFailures, transfers.FirstRest) = (2, TimeSpan.FromMilliseconds(50))));
        var opened = (await follower.OpenAsync(new() { Server = bench.Server.Address, Share = ShareOf(upload) }))!;
        Assert.True(opened.Manifest.IsUploading);
        var asked = bench.Server.Get<AskedForContent>();
        var fetch = await follower.FetchAsync(opened);
        await asked.AtLeastAsync(4).WaitAsync(SwarmBench.Patience); // it was told "not here" more often than a source may fail
        await ResumeAsync(bench, upload, s_bytes);
        Assert.Equal(s_bytes, await follower.EndAsync(fetch));
    }

    static async Task<Uri> BeginAsync(SwarmBench bench, byte[] bytes, object content, string audience, PersonId? person = null)
    {
        List<KeyValuePair<string, string>> metadata = [new("filename", "film.mkv"), new("audience", audience)];
        if (content.ToString() is { Length: > 0 } said)
        {
            metadata.Add(new("content", said));
        }

        return await ClientOf(bench, person).CreateAsync(new Uri(bench.Server.Address, $"v1/uploads/{IShares.Purpose}"), bytes.Length, UploadMetadata.Of(metadata));
    }

    static async Task ResumeAsync(SwarmBench bench, Uri upload, byte[] bytes) => await ClientOf(bench, null).ResumeAsync(upload, UploadSource.Of(new MemoryStream(bytes)));

    static UploadClient ClientOf(SwarmBench bench, PersonId? person) =>
        new(bench.Server.Http, TimeProvider.System, _ => ValueTask.FromResult<string?>(SharingHost.TokenOf(person ?? SwarmBench.Anna)));

    static ShareId ShareOf(Uri upload) => ShareId.Parse(upload.Segments[^1]);

    static async Task<int> StatusAsync(SwarmBench bench, string ticket)
    {
        using var response = await bench.Server.Http.GetAsync(new Uri(bench.Server.Address, $"p/{ticket}/content"));
        return (int)response.StatusCode;
    }
}
