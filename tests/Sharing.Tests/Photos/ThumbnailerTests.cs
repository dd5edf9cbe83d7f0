using Sharing.Core;
using Sharing.Photos;
using Sharing.Trials.Photos;

namespace Sharing.Tests.Photos;

public sealed class ThumbnailerTests
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Debian's modules of libvips bring the system's SQLite with them, and its functions in front of those of the host's own: the process ended in the middle.</summary>
    [Fact, Trait("Row", "F13")]
    public async Task Libvips_brings_neither_its_modules_nor_a_second_SQLite_into_the_process()
    {
        using var thumbnailer = new VipsThumbnailer();
        var content = await File.ReadAllBytesAsync(PictureFiles.Picture("photo.jpg"), Cancel);
        var header = await PictureHeaderReader.ReadAsync(new MemoryStream(content), cancellationToken: Cancel);
        await thumbnailer.MakeAsync(content, header, [PreviewSizes.Mail], Cancel); // nobody has asked before whether it can
        var maps = await File.ReadAllTextAsync("/proc/self/maps", Cancel);
        Assert.Contains("libvips.so", maps, StringComparison.Ordinal);
        Assert.DoesNotContain("vips-modules", maps, StringComparison.Ordinal);
        Assert.DoesNotContain("libsqlite3", maps, StringComparison.Ordinal);
    }

    [Fact, Trait("Row", "F10")]
    public async Task Fifty_pictures_fit_on_a_sheet_that_mail_programs_show_inline()
    {
        using var thumbnailer = new VipsThumbnailer();
        var previews = new List<ReadOnlyMemory<byte>>();
        foreach (var name in (string[])["photo.jpg", "plain.png", "grey.jpg", "cmyk.jpg", "alpha.png"])
        {
            var content = await File.ReadAllBytesAsync(PictureFiles.Picture(name), Cancel);
            var header = await PictureHeaderReader.ReadAsync(new MemoryStream(content), cancellationToken: Cancel);
            previews.Add((await thumbnailer.MakeAsync(content, header, [PreviewSizes.Mail], Cancel)).Jpegs[PreviewSizes.Mail]);
        }

        var sheet = (await thumbnailer.SheetAsync([.. Enumerable.Repeat(previews, 10).SelectMany(static five => five)], Cancel))!.Value;
        Assert.InRange(sheet.Length, 2000, 10_000);
        var seen = await PictureHeaderReader.ReadAsync(new MemoryStream(sheet.ToArray()), cancellationToken: Cancel);
        Assert.Equal((PictureFormat.Jpeg, (44 * 10) + (2 * 9), (44 * 5) + (2 * 4)), (seen.Format, seen.Width, seen.Height));
        Assert.Null(await thumbnailer.SheetAsync([], Cancel));
        await Assert.ThrowsAsync<PictureFormatException>(() => thumbnailer.SheetAsync([new byte[100]], Cancel));
    }

    [Fact, Trait("Row", "F13")]
    public async Task Many_at_once_come_out_as_one_alone_does()
    {
        using var thumbnailer = new VipsThumbnailer();
        var store = new MemoryContentStore();
        string[] names = ["photo.jpg", "plain.png", "plain.gif", "plain.webp", "grey.jpg", "p3.jpg", "cmyk.jpg", "alpha.png", "interlaced.png", "alpha.webp"];
        async Task<byte[]> MakeAsync(string name)
        {
            var content = await store.PutAsync(new MemoryStream(await File.ReadAllBytesAsync(PictureFiles.Picture(name), Cancel)), null, Cancel);
            await using var reader = (await store.OpenAsync(content.Id, Cancel))!;
            var header = await PictureHeaderReader.ReadAsync(reader, cancellationToken: Cancel);
            return (await thumbnailer.MakeAsync(reader, header, PreviewSizes.All, Cancel)).Jpegs[PreviewSizes.List].ToArray();
        }

        var together = await Task.WhenAll(names.Concat(names).Select(name => Task.Run(() => MakeAsync(name), Cancel)));
        for (var i = 0; i < together.Length; i++)
        {
            Assert.Equal(await MakeAsync(names[i % names.Length]), together[i]);
        }
    }
}
