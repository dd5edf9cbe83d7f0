namespace Sharing.Benchmarks;

/// <summary>Pictures as large as phones make them, by libvips' own tools: slopes, edges and noise.</summary>
static class PhotoFiles
{
    public static async Task MakeAsync(string folder, int count, int width, int height)
    {
        Directory.CreateDirectory(folder);
        await Rival.ShellAsync($$"""
            cd '{{folder}}'
            vips perlin slopes.v {{width}} {{height}} --cell-size {{width / 4}} --seed 1; vips worley edges.v {{width}} {{height}} --cell-size {{width / 13}} --seed 2
            vips gaussnoise noise.v {{width}} {{height}} --mean 0 --sigma 8 --seed 3
            vips linear slopes.v a.v 100 128; vips linear edges.v b.v {{400.0 / width}} 20; vips add a.v noise.v c.v; vips add b.v noise.v d.v
            vips bandjoin "c.v d.v a.v" joined.v; vips cast joined.v bytes.v uchar; vips copy bytes.v rgb.v --interpretation srgb
            vips jpegsave rgb.v 0.jpg --Q 85 --strip
            rm -f *.v
            for i in $(seq 1 {{count - 1}}); do cp 0.jpg $i.jpg; printf '%s' $i >> $i.jpg; done
            """);
    }
}
