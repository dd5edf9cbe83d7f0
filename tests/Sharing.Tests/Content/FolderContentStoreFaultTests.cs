using Sharing.Core;

namespace Sharing.Tests.Content;

public sealed class FolderContentStoreFaultTests : IDisposable
{
    static readonly ContentId Id = FolderVictim.New;

    readonly TemporaryFolder _temporary = new();

    string Folder => _temporary.Join("store");

    string DataOfId => Path.Join(Folder, "content", "cd", Id.ToString());

    public void Dispose() => _temporary.Dispose();

    FolderContentStore Open() => new(Folder);

    [Fact]
    public async Task A_published_content_is_two_files_and_its_path_is_handed_out()
    {
        await using var store = Open();
        Assert.Null(store.PathOf(Id));
        await FolderVictim.PublishAsync(store, "key", Id);
        Assert.Equal(DataOfId, store.PathOf(Id));
        Assert.Equal(FolderVictim.Bytes(FolderVictim.Length), await File.ReadAllBytesAsync(DataOfId));
        Assert.Equal(FolderVictim.Bytes(64), await File.ReadAllBytesAsync(DataOfId + ".groups"));
        Assert.Empty(Directory.GetFiles(Path.Join(Folder, "partial")));
    }

    [Fact]
    public async Task There_are_threads_besides_those_that_wait_for_the_disk()
    {
        await using var store = Open();
        ThreadPool.GetMinThreads(out var workers, out _);
        Assert.InRange(workers, 16, int.MaxValue);
    }

    [Fact]
    public async Task A_second_store_on_the_same_folder_is_refused_by_name_until_the_first_is_closed()
    {
        var first = Open();
        var problem = Assert.Throws<SharingException>(Open);
        Assert.Equal(ProblemCodes.Conflict, problem.Code);
        Assert.Contains(Folder, problem.Message, StringComparison.Ordinal);
        await first.DisposeAsync();
        await Open().DisposeAsync();
    }

    [Fact]
    public async Task Groups_without_data_are_cleaned_away_when_the_store_is_opened()
    {
        await using (var store = Open())
        {
            await FolderVictim.PublishAsync(store, "key", Id);
            await using var partial = await store.OpenPartialAsync("half");
            await FolderVictim.WriteAsync(partial);
        }

        File.Delete(DataOfId);
        File.Delete(Path.Join(Folder, "partial", "half.data"));
        await using var again = Open();
        Assert.False(File.Exists(DataOfId + ".groups"));
        Assert.False(File.Exists(Path.Join(Folder, "partial", "half.groups")));
        Assert.Null(await again.FindAsync(Id));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(63)]
    [InlineData(96)]
    public async Task Data_whose_groups_are_missing_or_do_not_fit_is_not_there_and_can_be_brought_again(int? groups)
    {
        await using var store = Open();
        await FolderVictim.PublishAsync(store, "key", Id);
        File.Delete(DataOfId + ".groups");
        if (groups is { } length)
        {
            await File.WriteAllBytesAsync(DataOfId + ".groups", new byte[length]);
        }

        Assert.Null(await store.FindAsync(Id));
        Assert.Null(await store.OpenAsync(Id));
        Assert.Null(store.PathOf(Id));
        await FolderVictim.PublishAsync(store, "again", Id);
        Assert.Equal(new ContentInfo(Id, FolderVictim.Length), await store.FindAsync(Id));
        Assert.Equal(FolderVictim.Bytes(64), await File.ReadAllBytesAsync(DataOfId + ".groups"));
    }

    [Fact]
    public async Task Where_the_data_cannot_be_renamed_the_partial_is_as_it_was()
    {
        await using var store = Open();
        var obstacle = Path.Join(DataOfId, "obstacle");
        Directory.CreateDirectory(obstacle);
        await using var partial = await store.OpenPartialAsync("key");
        await FolderVictim.WriteAsync(partial);
        await Assert.ThrowsAnyAsync<Exception>(async () => await partial.PublishAsync(new(Id, FolderVictim.Length)));
        Assert.Equal(["key.data", "key.groups"], Directory.GetFiles(Path.Join(Folder, "partial")).Select(Path.GetFileName).Order());
        Assert.Null(await store.FindAsync(Id));

        Directory.Delete(DataOfId, recursive: true);
        await partial.PublishAsync(new(Id, FolderVictim.Length));
        Assert.NotNull(await store.FindAsync(Id));
    }

    [Fact]
    public async Task A_full_disk_is_no_space_and_what_was_written_stays()
    {
        await using var store = Open();
        var path = Path.Join(Folder, "partial", "key.groups");
        File.CreateSymbolicLink(path, "/dev/full");
        await File.WriteAllBytesAsync(Path.Join(Folder, "partial", "key.data"), FolderVictim.Bytes(10));
        await using (var partial = await store.OpenPartialAsync("key"))
        {
            await partial.WriteAsync(ContentArea.Data, 10, new byte[] { 1, 2 });
            var problem = await Assert.ThrowsAsync<SharingException>(async () => await partial.WriteAsync(ContentArea.Groups, 0, new byte[32]));
            Assert.Equal(ProblemCodes.NoSpace, problem.Code);
        }

        File.Delete(path); // there is room again
        await using var again = await store.OpenPartialAsync("key");
        var buffer = new byte[20];
        Assert.Equal(12, await again.ReadAsync(ContentArea.Data, 0, buffer));
        Assert.Equal([.. FolderVictim.Bytes(10), 1, 2], buffer[..12]);
        await again.WriteAsync(ContentArea.Groups, 0, new byte[32]);
        await again.PublishAsync(new(Id, 12));
        Assert.NotNull(await store.FindAsync(Id));
    }

    [Fact]
    public async Task A_failed_flush_drops_the_partial_and_the_next_begins_anew()
    {
        await using var store = Open();
        await using (var partial = await OpenUnflushableAsync(store))
        {
            await partial.WriteAsync(ContentArea.Data, 0, new byte[10]);
            await Assert.ThrowsAsync<IOException>(async () => await partial.FlushAsync());
            await Assert.ThrowsAsync<IOException>(async () => await partial.FlushAsync());
            await Assert.ThrowsAsync<IOException>(async () => await partial.WriteAsync(ContentArea.Data, 0, new byte[10]));
            await Assert.ThrowsAsync<IOException>(async () => await partial.PublishAsync(new(Id, 10)));
        }

        Assert.Empty(Directory.GetFiles(Path.Join(Folder, "partial")));
        await FolderVictim.PublishAsync(store, "key", Id);
        Assert.NotNull(await store.FindAsync(Id));
    }

    [Theory]
    [InlineData(10, 10)] // appended
    [InlineData(9, 0)] // what was durable was written again: nobody knows what the kernel has dropped
    [InlineData(11, 0)]
    public async Task A_failed_flush_costs_nothing_that_was_flushed_before_if_bytes_were_only_appended(long offset, int left)
    {
        await using var store = Open();
        await using (var partial = await store.OpenPartialAsync("key"))
        {
            await partial.WriteAsync(ContentArea.Data, 0, FolderVictim.Bytes(10));
            Assert.Equal(10, await partial.FlushAsync());
            File.CreateSymbolicLink(Path.Join(Folder, "partial", "key.groups"), "/dev/null");
            await partial.WriteAsync(ContentArea.Groups, 0, new byte[32]);
            await partial.WriteAsync(ContentArea.Data, offset, new byte[5]);
            await Assert.ThrowsAsync<IOException>(async () => await partial.FlushAsync());
            await Assert.ThrowsAsync<IOException>(async () => await partial.WriteAsync(ContentArea.Data, 10, new byte[5]));
        }

        await using var again = await store.OpenPartialAsync("key");
        var bytes = new byte[20];
        Assert.Equal(left, await again.ReadAsync(ContentArea.Data, 0, bytes));
        Assert.Equal(FolderVictim.Bytes(left), bytes[..left]);
        Assert.Equal(0, await again.ReadAsync(ContentArea.Groups, 0, bytes));
    }

    [Fact]
    public async Task A_failed_flush_costs_nothing_where_nothing_was_written_since_the_partial_was_opened()
    {
        await using var store = Open();
        await using (var first = await store.OpenPartialAsync("key"))
        {
            await first.WriteAsync(ContentArea.Data, 0, FolderVictim.Bytes(10));
            await first.FlushAsync();
        }

        File.CreateSymbolicLink(Path.Join(Folder, "partial", "key.groups"), "/dev/null");
        await using (var partial = await store.OpenPartialAsync("key"))
        {
            await Assert.ThrowsAsync<IOException>(async () => await partial.FlushAsync());
        }

        await using var again = await store.OpenPartialAsync("key");
        Assert.Equal(10, await again.FlushAsync());
    }

    [Fact]
    public async Task After_three_failed_flushes_the_store_takes_no_writes_and_reads_go_on()
    {
        await using var store = Open();
        await FolderVictim.PublishAsync(store, "good", Id);
        await using var bystander = await store.OpenPartialAsync("bystander");
        for (var i = 0; i < 3; i++)
        {
            await using var partial = await OpenUnflushableAsync(store);
            await Assert.ThrowsAsync<IOException>(async () => await partial.FlushAsync());
        }

        Func<Task>[] writes =
        [
            async () => await store.OpenPartialAsync("other"),
            async () => await store.DeleteAsync(Id),
            async () => await store.DiscardAsync(new("key", default)),
            async () => await bystander.WriteAsync(ContentArea.Data, 0, new byte[1]),
            async () => await bystander.FlushAsync(),
            async () => await bystander.PublishAsync(new(FolderVictim.Old, 0)),
            async () => await bystander.DiscardAsync(),
        ];
        foreach (var write in writes)
        {
            Assert.Equal(ProblemCodes.ReadOnly, (await Assert.ThrowsAsync<SharingException>(write)).Code);
        }

        Assert.Equal(0, await bystander.ReadAsync(ContentArea.Data, 0, new byte[1]));
        await using var reader = await store.OpenAsync(Id);
        var bytes = new byte[FolderVictim.Length];
        Assert.Equal(bytes.Length, await reader!.ReadAsync(ContentArea.Data, 0, bytes));
        Assert.Equal(FolderVictim.Bytes(FolderVictim.Length), bytes);
    }

    [Fact]
    public async Task Closing_the_store_closes_its_partials_and_keeps_their_bytes()
    {
        var store = Open();
        var partial = await store.OpenPartialAsync("key");
        await FolderVictim.WriteAsync(partial);
        await store.DisposeAsync();
        await store.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await partial.WriteAsync(ContentArea.Data, 0, new byte[1]));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await store.FindAsync(Id));
        await using var again = Open();
        await using var resumed = await again.OpenPartialAsync("key");
        await resumed.PublishAsync(new(Id, FolderVictim.Length));
        Assert.NotNull(await again.FindAsync(Id));
    }

    /// <summary>A partial whose groups are a device that takes bytes and cannot flush them: fsync answers EINVAL.</summary>
    async Task<IPartialContent> OpenUnflushableAsync(FolderContentStore store)
    {
        await File.WriteAllBytesAsync(Path.Join(Folder, "partial", "key.data"), []);
        File.CreateSymbolicLink(Path.Join(Folder, "partial", "key.groups"), "/dev/null");
        return await store.OpenPartialAsync("key");
    }
}
