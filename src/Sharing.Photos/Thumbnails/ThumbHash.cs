namespace Sharing.Photos;

/// <summary>A picture as some 25 bytes, from which a blurred placeholder is drawn (https://evanw.github.io/thumbhash/): the first terms of a cosine transform of its lightness and two colour differences.</summary>
public static class ThumbHash
{
    /// <summary>The greatest width and height.</summary>
    public const int Most = 100;

    /// <summary>The hash of a picture.</summary>
    /// <param name="width">In pixels, at most <see cref="Most"/>.</param>
    /// <param name="height">In pixels, at most <see cref="Most"/>.</param>
    /// <param name="rgba">Red, green, blue and opacity of each pixel, row by row, not premultiplied.</param>
    public static byte[] Of(int width, int height, ReadOnlySpan<byte> rgba)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Math.Max(width, height), Most, nameof(width));
        var pixels = width * height;
        Span<double> mean = stackalloc double[4];
        mean.Clear();
        for (var i = 0; i < pixels; i++)
        {
            var alpha = rgba[(i * 4) + 3] / 255.0;
            for (var c = 0; c < 3; c++)
            {
                mean[c] += alpha / 255.0 * rgba[(i * 4) + c];
            }

            mean[3] += alpha;
        }

        for (var c = 0; c < 3; c++)
        {
            mean[c] = mean[3] > 0 ? mean[c] / mean[3] : mean[c];
        }

        var (light, yellow, red, opacity) = (new double[pixels], new double[pixels], new double[pixels], new double[pixels]);
        for (var i = 0; i < pixels; i++)
        {
            var alpha = rgba[(i * 4) + 3] / 255.0;
            var (r, g, b) = (Over(rgba[i * 4], mean[0], alpha), Over(rgba[(i * 4) + 1], mean[1], alpha), Over(rgba[(i * 4) + 2], mean[2], alpha));
            (light[i], yellow[i], red[i], opacity[i]) = ((r + g + b) / 3, ((r + g) / 2) - b, r - g, alpha);
        }

        var hasAlpha = mean[3] < pixels;
        var (across, down) = (TermsOf(width, width, height, hasAlpha), TermsOf(height, width, height, hasAlpha));
        var l = Channel.Of(light, width, height, Math.Max(3, across), Math.Max(3, down));
        var (p, q) = (Channel.Of(yellow, width, height, 3, 3), Channel.Of(red, width, height, 3, 3));
        var a = hasAlpha ? Channel.Of(opacity, width, height, 5, 5) : null;
        return Write(l, p, q, a, width > height, width > height ? down : across);
    }

    /// <summary>Draws the placeholder, without its opacity.</summary>
    /// <param name="hash">Some 25 bytes.</param>
    /// <param name="side">The length of the longer side, in pixels.</param>
    /// <returns>Width and height in pixels, and red, green and blue of each, row by row; <c>null</c>: it is no such hash.</returns>
    public static (int Width, int Height, ReadOnlyMemory<byte> Rgb)? Paint(ReadOnlySpan<byte> hash, int side)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(side, 1);
        if (hash.Length < 5)
        {
            return null;
        }

        var (first, second) = (hash[0] | (hash[1] << 8) | (hash[2] << 16), hash[3] | (hash[4] << 8));
        var (hasAlpha, isLandscape, shorter) = ((first >> 23) != 0, (second >> 15) != 0, Math.Max(1, second & 7));
        var longer = hasAlpha ? 5 : 7;
        var terms = new HalfBytes(hash[(hasAlpha ? Math.Min(6, hash.Length) : 5)..]);
        var light = Wave.Read(ref terms, (first & 63) / 63.0, ((first >> 18) & 31) / 31.0, Math.Max(3, isLandscape ? longer : shorter), Math.Max(3, isLandscape ? shorter : longer));
        var yellow = Wave.Read(ref terms, (((first >> 6) & 63) / 31.5) - 1, 1.25 * ((second >> 3) & 63) / 63, 3, 3); // colours a little stronger than they were, as its author has it
        var red = Wave.Read(ref terms, (((first >> 12) & 63) / 31.5) - 1, 1.25 * ((second >> 9) & 63) / 63, 3, 3);
        var other = Math.Max(1, Round((double)side * shorter / longer));
        var (width, height) = isLandscape ? (side, other) : (other, side);
        var rgb = new byte[3 * width * height];
        for (var at = 0; at < width * height; at++)
        {
            var (u, v) = (((at % width) + 0.5) / width, ((at / width) + 0.5) / height);
            var (l, p, q) = (light.At(u, v), yellow.At(u, v), red.At(u, v));
            var b = l - (2.0 / 3 * p);
            var r = ((3 * l) - b + q) / 2;
            (rgb[3 * at], rgb[(3 * at) + 1], rgb[(3 * at) + 2]) = (Byte(r), Byte(r - q), Byte(b));
        }

        return (width, height, rgb);

        static byte Byte(double value) => (byte)Round(255 * Math.Clamp(value, 0, 1));
    }

    static byte[] Write(Channel l, Channel p, Channel q, Channel? a, bool isLandscape, int shorterTerms)
    {
        var first = Round(63 * l.Mean) | (Round(31.5 + (31.5 * p.Mean)) << 6) | (Round(31.5 + (31.5 * q.Mean)) << 12) | (Round(31 * l.Scale) << 18) | (a is null ? 0 : 1 << 23);
        var second = shorterTerms | (Round(63 * p.Scale) << 3) | (Round(63 * q.Scale) << 9) | (isLandscape ? 1 << 15 : 0);
        List<byte> hash = [(byte)first, (byte)(first >> 8), (byte)(first >> 16), (byte)second, (byte)(second >> 8)];
        if (a is not null)
        {
            hash.Add((byte)(Round(15 * a.Mean) | (Round(15 * a.Scale) << 4)));
        }

        var isHigh = false;
        foreach (var term in new[] { l, p, q, a }.OfType<Channel>().SelectMany(static channel => channel.Terms))
        {
            if (isHigh)
            {
                hash[^1] |= (byte)(Round(15 * term) << 4);
            }
            else
            {
                hash.Add((byte)Round(15 * term));
            }

            isHigh = !isHigh;
        }

        return [.. hash];
    }

    static double Over(byte value, double mean, double alpha) => (mean * (1 - alpha)) + (alpha / 255.0 * value);

    static int TermsOf(int side, int width, int height, bool hasAlpha) => Math.Max(1, Round((hasAlpha ? 5.0 : 7.0) * side / Math.Max(width, height)));

    static int Round(double value) => (int)Math.Floor(value + 0.5);

    sealed record Channel(double Mean, double Scale, IReadOnlyList<double> Terms)
    {
        public static Channel Of(double[] values, int width, int height, int across, int down)
        {
            var (mean, scale, terms) = (0.0, 0.0, new List<double>());
            for (var cy = 0; cy < down; cy++)
            {
                for (var cx = 0; cx * down < across * (down - cy); cx++)
                {
                    var (term, fx) = (0.0, new double[width]);
                    for (var x = 0; x < width; x++)
                    {
                        fx[x] = Math.Cos(Math.PI / width * cx * (x + 0.5));
                    }

                    for (var y = 0; y < height; y++)
                    {
                        var fy = Math.Cos(Math.PI / height * cy * (y + 0.5));
                        for (var x = 0; x < width; x++)
                        {
                            term += values[(y * width) + x] * fx[x] * fy;
                        }
                    }

                    term /= width * height;
                    if (cx > 0 || cy > 0)
                    {
                        terms.Add(term);
                        scale = Math.Max(scale, Math.Abs(term));
                    }
                    else
                    {
                        mean = term;
                    }
                }
            }

            return new(mean, scale, scale > 0 ? [.. terms.Select(term => 0.5 + (0.5 / scale * term))] : terms);
        }
    }

    /// <summary>Half a byte for each term, the lower half first; 0 beyond the end.</summary>
    ref struct HalfBytes(ReadOnlySpan<byte> bytes)
    {
        readonly ReadOnlySpan<byte> _bytes = bytes;
        int _at;

        public int Next()
        {
            var at = _at++;
            return at >> 1 < _bytes.Length ? (_bytes[at >> 1] >> ((at & 1) << 2)) & 15 : 0;
        }
    }

    /// <summary>A channel, as its terms make it.</summary>
    sealed record Wave(double Mean, IReadOnlyList<(int X, int Y, double Term)> Terms)
    {
        public static Wave Read(ref HalfBytes terms, double mean, double scale, int across, int down)
        {
            var read = new List<(int, int, double)>();
            for (var y = 0; y < down; y++)
            {
                for (var x = y > 0 ? 0 : 1; x * down < across * (down - y); x++)
                {
                    read.Add((x, y, 2 * scale * ((terms.Next() / 7.5) - 1)));
                }
            }

            return new(mean, read);
        }

        public double At(double u, double v)
        {
            var value = Mean;
            foreach (var (x, y, term) in Terms)
            {
                value += term * Math.Cos(Math.PI * x * u) * Math.Cos(Math.PI * y * v);
            }

            return value;
        }
    }
}
