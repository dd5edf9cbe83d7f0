using Sharing.Core;

namespace Sharing.Tests.Content;

[Trait("Row", "R1")]
public sealed class SafeFileTests
{
    [Fact]
    public async Task Nothing_that_is_there_is_written_over()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.Join("film.webm"), "mine");
        Directory.CreateDirectory(folder.Join("film (1).webm"));
        File.CreateSymbolicLink(folder.Join("film (2).webm"), folder.Join("nowhere"));

        var saved = await SaveAsync(folder.Path, "film.webm", "new");

        Assert.Equal(folder.Join("film (3).webm"), saved);
        Assert.Equal("mine", await File.ReadAllTextAsync(folder.Join("film.webm")));
        Assert.Equal("new", await File.ReadAllTextAsync(saved));
        Assert.False(File.Exists(folder.Join("nowhere")));
    }

    [Fact]
    public async Task Many_at_once_get_a_name_each()
    {
        using var folder = new TemporaryFolder();

        var saved = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => SaveAsync(folder.Path, "film.webm", $"{i}")));

        Assert.Equal(20, saved.Distinct().Count());
        Assert.Equal(20, saved.Select(File.ReadAllText).Distinct().Count());
        Assert.Equal(20, Directory.GetFileSystemEntries(folder.Path).Length);
    }

    [Theory]
    [InlineData("../../escape.txt")]
    [InlineData("/etc/escape.txt")]
    [InlineData("..\\..\\escape.txt")]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("")]
    [InlineData(".bashrc")]
    [InlineData("a\0b")]
    public async Task Whatever_the_name_the_file_is_in_the_folder_and_not_hidden(string name)
    {
        using var folder = new TemporaryFolder();
        var inside = folder.Join("inside");

        var saved = await SaveAsync(inside, name, "x");

        Assert.Equal(inside, Path.GetDirectoryName(Path.GetFullPath(saved)));
        Assert.False(Path.GetFileName(saved).StartsWith('.'));
        Assert.Equal([inside], Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task What_breaks_off_leaves_nothing()
    {
        using var folder = new TemporaryFolder();

        await Assert.ThrowsAsync<IOException>(() => SafeFile.SaveAsync(folder.Path, "film.webm", new BreakingStream(), TestContext.Current.CancellationToken));

        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    static Task<string> SaveAsync(string folder, string name, string text) =>
        SafeFile.SaveAsync(folder, name, new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text)), TestContext.Current.CancellationToken);

    sealed class BreakingStream : MemoryStream
    {
        public BreakingStream() : base(new byte[10])
        {
        }

        public override Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken) => throw new IOException("Broke off.");
    }
}
