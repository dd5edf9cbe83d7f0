using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Sharing.Photos;
using Sharing.Trials.Photos;

namespace Sharing.Tests.Photos;

public sealed class PictureCopyTests
{
    static readonly byte[] Place = [0, 0, 0, 48, 0, 0, 0, 1, 0, 0, 0, 8, 0, 0, 0, 1, 0, 0, 4, 210, 0, 0, 0, 100];

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    static async Task<byte[]> CopyAsync(byte[] original, CopyMetadata metadata)
    {
        using var copy = new MemoryStream();
        await PictureCopy.WriteAsync(new MemoryStream(original), metadata, copy, Cancel);
        return copy.ToArray();
    }

    static Task<PictureHeader> HeaderAsync(byte[] picture) => PictureHeaderReader.ReadAsync(new MemoryStream(picture), cancellationToken: Cancel);

    static bool Has(byte[] bytes, string text) => bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(text)) >= 0;

    static ValueTask<ContentId?> EssenceAsync(byte[] picture) => new(PictureCopy.EssenceAsync(new MemoryStream(picture), Cancel));

    [Theory, Trait("Row", "F8")]
    [InlineData("photo.jpg")]
    [InlineData("motion.jpg")]
    [InlineData("photo.png")]
    [InlineData("photo.webp")]
    [InlineData("photo.gif")]
    [InlineData("photo.heic")]
    [InlineData("photo.avif")]
    public async Task A_copy_shows_the_same_and_tells_no_place_or_nothing_at_all(string name)
    {
        var original = await File.ReadAllBytesAsync(PictureFiles.Picture(name), Cancel);
        var before = await HeaderAsync(original);
        var hasExif = name != "photo.gif";
        Assert.Equal(hasExif, before.HasLocation);
        foreach (var metadata in (CopyMetadata[])[CopyMetadata.NoLocation, CopyMetadata.None])
        {
            var copy = await CopyAsync(original, metadata);
            var after = await HeaderAsync(copy);
            Assert.Equal((before.Format, before.ShownWidth, before.ShownHeight, before.Orientation), (after.Format, after.ShownWidth, after.ShownHeight, after.Orientation));
            Assert.False(after.HasLocation);
            Assert.Equal(metadata == CopyMetadata.NoLocation ? before.Taken : null, after.Taken);
            Assert.False(Has(copy, "Secret Street") || Has(copy, "GPSLatitude") || copy.AsSpan().IndexOf(Place) >= 0, $"{name} {metadata}");
            Assert.Equal(hasExif && metadata == CopyMetadata.NoLocation, Has(copy, "Example Works"));
            Assert.Equal(await PixelsAsync(original), await PixelsAsync(copy));
        }

        Assert.True(hasExif is false || original.AsSpan().IndexOf(Place) >= 0, "The test looks for what the original has.");
        Assert.Equal(original, await CopyAsync(original, CopyMetadata.All));
    }

    [Fact]
    public async Task Every_turn_and_the_colour_profile_stay_and_what_nothing_is_in_stays_as_it_is()
    {
        for (var turn = 1; turn <= 8; turn++)
        {
            Assert.Equal(turn, (await HeaderAsync(await CopyAsync(await File.ReadAllBytesAsync(PictureFiles.Picture($"turn{turn}.jpg"), Cancel), CopyMetadata.None))).Orientation);
        }

        var profiled = await File.ReadAllBytesAsync(PictureFiles.Picture("p3.jpg"), Cancel);
        Assert.True(Has(profiled, "ICC_PROFILE"));
        Assert.True(Has(await CopyAsync(profiled, CopyMetadata.None), "ICC_PROFILE"));
        foreach (var name in (string[])["plain.jpg", "progressive.jpg", "grey.jpg", "plain.png", "interlaced.png", "plain.gif"])
        {
            var plain = await File.ReadAllBytesAsync(PictureFiles.Picture(name), Cancel);
            Assert.Equal(plain, await CopyAsync(plain, CopyMetadata.None));
        }
    }

    [Fact, Trait("Row", "F12")]
    public async Task A_picture_is_known_again_without_its_place_and_not_when_it_was_turned()
    {
        var essences = new Dictionary<string, ContentId?>();
        foreach (var name in (string[])["photo.jpg", "photo-nogps.jpg", "motion.jpg", "plain.jpg", "turn6.jpg", "turn1.jpg", "turn8.jpg", "plain.tif"])
        {
            essences[name] = await EssenceAsync(await File.ReadAllBytesAsync(PictureFiles.Picture(name), Cancel));
        }

        Assert.NotNull(essences["photo.jpg"]);
        Assert.Equal(essences["photo.jpg"], essences["photo-nogps.jpg"]);
        Assert.Equal(essences["photo.jpg"], essences["motion.jpg"]);
        Assert.Equal(essences["photo.jpg"], essences["turn6.jpg"]);
        Assert.Equal(essences["plain.jpg"], essences["turn1.jpg"]);
        Assert.Equal(3, new[] { essences["plain.jpg"], essences["turn6.jpg"], essences["turn8.jpg"] }.Distinct().Count());
        Assert.Null(essences["plain.tif"]);
        var withoutPlace = await CopyAsync(await File.ReadAllBytesAsync(PictureFiles.Picture("photo.heic"), Cancel), CopyMetadata.NoLocation);
        Assert.Equal(await EssenceAsync(await File.ReadAllBytesAsync(PictureFiles.Picture("photo.heic"), Cancel)), await EssenceAsync(withoutPlace));
    }

    /// <summary>Whatever is broken is refused, or copied without a place; nothing else ever happens.</summary>
    [Theory]
    [InlineData("photo.jpg")]
    [InlineData("photo.png")]
    [InlineData("photo.webp")]
    [InlineData("photo.gif")]
    [InlineData("photo.heic")]
    public async Task Broken_files_are_refused_or_tell_no_place(string name)
    {
        var original = await File.ReadAllBytesAsync(PictureFiles.Picture(name), Cancel);
        var (random, refused, copied) = (new Random(6), 0, 0);
        for (var i = 0; i < 1500; i++)
        {
            var broken = i < 100 ? original[..(original.Length * i / 100)] : [.. original];
            for (var changes = i < 100 ? 0 : random.Next(1, 8); changes > 0; changes--)
            {
                broken[random.Next(Math.Min(broken.Length, changes % 2 == 0 ? 1500 : broken.Length))] = (byte)random.Next(256);
            }

            try
            {
                var copy = await CopyAsync(broken, CopyMetadata.NoLocation);
                copied++;
                Assert.False(await TellsAsync(copy));
            }
            catch (PictureFormatException)
            {
                refused++;
            }
        }

        Assert.True(refused > 50 && copied > 50, $"{refused} refused, {copied} copied");

        static async Task<bool> TellsAsync(byte[] copy)
        {
            try
            {
                return (await HeaderAsync(copy)).HasLocation;
            }
            catch (PictureFormatException)
            {
                return false;
            }
        }
    }

    [Theory]
    [InlineData("plain.tif")]
    [InlineData("no picture")]
    public async Task Of_what_nothing_can_be_taken_out_of_there_is_no_copy(string name)
    {
        var bytes = name == "no picture" ? Encoding.ASCII.GetBytes(name + " at all, only words") : await File.ReadAllBytesAsync(PictureFiles.Picture(name), Cancel);
        var fault = await Assert.ThrowsAsync<PictureFormatException>(() => CopyAsync(bytes, CopyMetadata.NoLocation));
        Assert.Equal(PictureFault.NotAPicture, fault.Fault);
    }

    /// <summary>The pixels, as libvips' own program decodes them.</summary>
    static async Task<string> PixelsAsync(byte[] picture)
    {
        var folder = Directory.CreateTempSubdirectory("sharing-").FullName;
        try
        {
            var (file, raw) = (Path.Combine(folder, "picture"), Path.Combine(folder, "raw"));
            await File.WriteAllBytesAsync(file, picture, Cancel);
            using var vips = Process.Start(new ProcessStartInfo("vips", ["rawsave", file, raw]) { RedirectStandardError = true })!;
            await vips.WaitForExitAsync(Cancel);
            Assert.True(vips.ExitCode == 0, await vips.StandardError.ReadToEndAsync(Cancel));
            return Convert.ToHexString(SHA256.HashData(await File.ReadAllBytesAsync(raw, Cancel)));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
