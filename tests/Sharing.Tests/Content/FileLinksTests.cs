using Microsoft.Extensions.DependencyInjection;
using Sharing.Core;
using Sharing.Trials.Scripted;

namespace Sharing.Tests.Content;

/// <summary>Files that are given from where they are.</summary>
public sealed class FileLinksTests : IDisposable
{
    readonly TemporaryFolder _folder = new();
    readonly ServiceProvider _services = new ServiceCollection().AddLogging().AddSharing(static _ => { }).BuildServiceProvider();

    FileLinks Links => _services.GetRequiredService<FileLinks>();

    public void Dispose()
    {
        _services.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(64 * 1024)]
    [InlineData((64 * 1024) + 1)]
    [InlineData((3 * 1024 * 1024) + 7)]
    [Trait("Row", "D1")]
    public async Task A_linked_file_is_given_whole_with_its_hashes_and_without_a_copy(int length)
    {
        var bytes = Samples.Random(1, length);
        var link = (await Links.LinkAsync(await WriteAsync("film.mkv", bytes)))!;
        Assert.Equal(Samples.IdOf(bytes), link.Content.Id);
        Assert.Null(await _services.GetRequiredService<IContentStore>().FindAsync(link.Content.Id));
        await using var held = (await _services.GetRequiredService<TransferEngine>().OpenHeldAsync(link.Content.Id))!;
        Assert.True(held.IsWhole);
        Assert.Equal(bytes, await ReadAsync(held, ContentArea.Data, 1000));
        Assert.Equal(bytes, await ReadAsync(held, ContentArea.Data, 200_000));
        Assert.Equal(ContentTree.GroupCount(length) * ContentId.Size, (await ReadAsync(held, ContentArea.Groups, 1000)).Length);
    }

    [Fact]
    [Trait("Row", "D1")]
    public async Task A_file_that_was_changed_under_the_same_time_gives_nothing_wrong_and_is_linked_no_more()
    {
        var (bytes, changed) = (Samples.Random(1, 300_000), Samples.Random(2, 300_000));
        var path = await WriteAsync("film.mkv", bytes);
        var link = (await Links.LinkAsync(path))!;
        await using var held = (await Links.OpenAsync(link.Content.Id))!;
        await File.WriteAllBytesAsync(path, changed);
        File.SetLastWriteTimeUtc(path, link.Stamp.Modified);
        var fault = await Assert.ThrowsAsync<SharingException>(async () => await held.ReadAsync(ContentArea.Data, 0, new byte[100]));
        Assert.Equal(ProblemCodes.ContentDamaged, fault.Code);
        Assert.Null(await Links.OpenAsync(link.Content.Id));
    }

    [Fact]
    [Trait("Row", "D1")]
    public async Task A_file_that_was_changed_or_is_gone_opens_no_more_and_its_hashes_are_released()
    {
        var path = await WriteAsync("film.mkv", Samples.Random(1, 300_000));
        var link = (await Links.LinkAsync(path))!;
        File.SetLastWriteTimeUtc(path, link.Stamp.Modified.AddSeconds(1));
        Assert.Null(await Links.FindAsync(link.Content.Id));
        Assert.Null(await Links.OpenAsync(link.Content.Id));
        Assert.Empty(await Links.ListAsync().ToListAsync());
        Assert.NotNull(await Links.LinkAsync(path));
        File.Delete(path);
        Assert.Null(await Links.OpenAsync(link.Content.Id));
        Assert.Null(await Links.LinkAsync(path));
    }

    [Fact]
    [Trait("Row", "D1")]
    public async Task A_file_that_changes_while_it_is_hashed_is_not_linked()
    {
        var path = await WriteAsync("film.mkv", Samples.Random(1, 3_000_000));
        var written = false;
        var link = await Links.LinkAsync(path, async (_, cancellationToken) =>
        {
            if (!written)
            {
                written = true;
                await File.AppendAllTextAsync(path, "more", cancellationToken);
            }
        });
        Assert.Null(link);
        Assert.Empty(await Links.ListAsync().ToListAsync());
    }

    static async Task<byte[]> ReadAsync(HeldContent held, ContentArea area, int piece)
    {
        using var all = new MemoryStream();
        var buffer = new byte[piece];
        while (await held.ReadAsync(area, all.Length, buffer) is var read and > 0)
        {
            all.Write(buffer, 0, read);
        }

        return all.ToArray();
    }

    async Task<string> WriteAsync(string name, byte[] bytes)
    {
        await File.WriteAllBytesAsync(_folder.Join(name), bytes);
        return _folder.Join(name);
    }
}
