namespace Sharing.Swarm;

/// <summary>Max-min fair shares by progressive filling: the rates of all transfers grow together; those on a link that is full stay as they are.</summary>
sealed class Filling(int hosts)
{
    readonly double[] _up = new double[hosts];
    readonly double[] _down = new double[hosts];
    readonly int[] _upCount = new int[hosts];
    readonly int[] _downCount = new int[hosts];
    double[] _rates = [];
    int[] _open = [];

    public double RateOf(int flow) => _rates[flow];

    public void Fill(ReadOnlySpan<Flow> flows, double[] up, double[] down)
    {
        if (_rates.Length < flows.Length)
        {
            (_rates, _open) = (new double[flows.Length * 2], new int[flows.Length * 2]);
        }

        up.CopyTo(_up, 0);
        down.CopyTo(_down, 0);
        Array.Clear(_upCount);
        Array.Clear(_downCount);
        var left = 0;
        for (var flow = 1; flow < flows.Length; flow++)
        {
            if (flows[flow].IsOpen)
            {
                _open[left++] = flow;
                _upCount[flows[flow].From]++;
                _downCount[flows[flow].To]++;
            }
        }

        for (var level = 0.0; left > 0;)
        {
            var step = double.PositiveInfinity;
            for (var host = 0; host < hosts; host++)
            {
                step = _upCount[host] > 0 ? Math.Min(step, _up[host] / _upCount[host]) : step;
                step = _downCount[host] > 0 ? Math.Min(step, _down[host] / _downCount[host]) : step;
            }

            level += step;
            for (var host = 0; host < hosts; host++)
            {
                _up[host] -= step * _upCount[host];
                _down[host] -= step * _downCount[host];
            }

            left = Freeze(flows, left, level, up, down);
        }
    }

    int Freeze(ReadOnlySpan<Flow> flows, int left, double level, double[] up, double[] down)
    {
        var kept = 0;
        for (var i = 0; i < left; i++)
        {
            ref readonly var flow = ref flows[_open[i]];
            _rates[_open[i]] = level;
            if (_up[flow.From] > up[flow.From] * 1e-9 && _down[flow.To] > down[flow.To] * 1e-9)
            {
                _open[kept++] = _open[i];
            }
        }

        Array.Clear(_upCount);
        Array.Clear(_downCount);
        for (var i = 0; i < kept; i++)
        {
            _upCount[flows[_open[i]].From]++;
            _downCount[flows[_open[i]].To]++;
        }

        return kept;
    }
}
