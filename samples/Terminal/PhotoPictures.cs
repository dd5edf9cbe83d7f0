using Sharing.Photos;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Sharing.Terminal;

/// <summary>Photos as small pictures: two pixels in each character, one above the other.</summary>
static class PhotoPictures
{
    const int Side = 24;

    /// <summary>Pictures beside each other, with their names; a photo of which nobody has a picture has its name alone.</summary>
    public static IRenderable Of(IEnumerable<(string Name, string? ThumbHash)> photos) => new Columns(photos.Select(static photo => new Rows(
        photo.ThumbHash is { } hash && ThumbHash.Paint(Convert.FromBase64String(hash), Side) is { } picture ? Draw(picture.Width, picture.Height, picture.Rgb.Span) : new Text("(no picture yet)"),
        new Text(Output.Line(photo.Name)).Overflow(Overflow.Ellipsis), new Text("")))).Collapse();

    static Paragraph Draw(int width, int height, ReadOnlySpan<byte> rgb)
    {
        var drawn = new Paragraph();
        for (var y = 0; y < height; y += 2)
        {
            for (var x = 0; x < width; x++)
            {
                var upper = ColourAt(rgb, (y * width) + x);
                drawn.Append("▀", new Style(upper, y + 1 < height ? ColourAt(rgb, ((y + 1) * width) + x) : null));
            }

            drawn.Append(y + 2 < height ? "\n" : "");
        }

        return drawn;
    }

    static Color ColourAt(ReadOnlySpan<byte> rgb, int pixel) => new(rgb[3 * pixel], rgb[(3 * pixel) + 1], rgb[(3 * pixel) + 2]);
}
