namespace Sharing.Photos;

/// <summary>A picture as some 25 bytes, from which a blurred placeholder is drawn (https://evanw.github.io/thumbhash/): the first terms of a cosine transform of its lightness and two colour differences.</summary>
static class ThumbHash
{
    /// <summary>The greatest width and height.</summary>
    public const int Most = 100;

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
}
