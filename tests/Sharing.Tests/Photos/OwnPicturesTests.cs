using Microsoft.Extensions.DependencyInjection;
using Sharing.Core;
using Sharing.Photos;
using Sharing.Tests.Hosting;
using Sharing.Trials.Photos;
using static Sharing.Tests.Photos.PhotoServer;

namespace Sharing.Tests.Photos;

/// <summary>What a terminal shows of the pictures that it has sent, until the server has made previews.</summary>
public sealed class OwnPicturesTests
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact, Trait("Row", "F13")]
    public async Task A_terminal_has_a_picture_of_what_it_has_sent_before_the_server_has_one_and_then_the_servers()
    {
        await using var server = await StartAsync();
        await using var terminal = new ServiceCollection().AddLogging().AddSharing(sharing => sharing
            .UsePhotos(server.Host.Address, static (person, _) => ValueTask.FromResult(person is { } one ? SharingHost.TokenOf(one) : null))).BuildServiceProvider();
        var (uploader, photos, own) = (terminal.GetRequiredService<PhotoUploader>(), terminal.GetRequiredService<IPhotos>(), terminal.GetRequiredService<OwnPictures>());
        await uploader.UploadAsync(Anna, PictureFiles.Picture("photo.jpg"), cancellationToken: Cancel);
        var photo = Assert.Single(await photos.ListAsync(Anna, default, Cancel).ToListAsync(Cancel));
        Assert.Null(photo.ThumbHash);
        var first = await own.FindAsync(Anna, photo, Cancel);
        Assert.NotNull(first);
        Assert.NotNull(ThumbHash.Paint(Convert.FromBase64String(first), 24));
        var made = photo with { ThumbHash = "c2VydmVy" };
        Assert.Equal("c2VydmVy", await own.FindAsync(Anna, made, Cancel));
        Assert.Equal(photo.ThumbHash, await own.FindAsync(Anna, photo, Cancel)); // the server's was seen, so its own went
    }

    [Theory]
    [InlineData(40, 20)]
    [InlineData(20, 40)]
    [InlineData(30, 30)]
    public void A_placeholder_is_drawn_in_about_the_colours_and_the_shape_of_the_picture(int width, int height)
    {
        var rgba = new byte[4 * width * height];
        for (var at = 0; at < width * height; at++)
        {
            var isLeft = at % width < width / 2;
            (rgba[4 * at], rgba[(4 * at) + 1], rgba[(4 * at) + 2], rgba[(4 * at) + 3]) = isLeft ? ((byte)200, (byte)40, (byte)40, (byte)255) : ((byte)40, (byte)60, (byte)200, (byte)255);
        }

        var (drawnWidth, drawnHeight, rgb) = ThumbHash.Paint(ThumbHash.Of(width, height, rgba), 32)!.Value;
        Assert.Equal(32, Math.Max(drawnWidth, drawnHeight));
        Assert.InRange((double)drawnWidth / drawnHeight, 0.7 * width / height, 1.4 * width / height);
        var (left, right) = (At(drawnWidth / 5), At(drawnWidth * 4 / 5));
        Assert.True(left.Red > 150 && left.Blue < 100, $"{left}");
        Assert.True(right.Blue > 150 && right.Red < 100, $"{right}");

        (int Red, int Blue) At(int x) => (rgb.Span[3 * ((drawnHeight / 2 * drawnWidth) + x)], rgb.Span[(3 * ((drawnHeight / 2 * drawnWidth) + x)) + 2]);
    }

    [Fact]
    public void What_is_no_hash_is_not_drawn_and_a_short_one_is_harmless()
    {
        Assert.Null(ThumbHash.Paint([1, 2, 3, 4], 32));
        for (var length = 5; length < 30; length++)
        {
            Assert.NotNull(ThumbHash.Paint([.. Enumerable.Repeat((byte)255, length)], 32));
            Assert.NotNull(ThumbHash.Paint(new byte[length], 32));
        }
    }
}
