// Prints the values that tests/methods/samples/test_ksg.py holds KSG to, by JIDT (Lizier, 2014):
//   javac -cp infodynamics.jar Jidt.java && java -cp infodynamics.jar:. Jidt
// Noise is switched off; rows are those of `drawn_everywhere_alike`.
import infodynamics.measures.continuous.ConditionalMutualInfoCalculatorMultiVariate;
import infodynamics.measures.continuous.MutualInfoCalculatorMultiVariate;
import infodynamics.measures.continuous.kraskov.*;

public class Jidt {
  static final int N = 1000;
  static final int[] KS = {1, 2, 3, 4, 6, 10, 15};

  static double[][] uniform(int n, int d) {
    double[][] u = new double[n][d];
    long s = 1;
    for (double[] row : u) {
      for (int j = 0; j < d; j++) {
        s = (1664525L * s + 1013904223L) & 0xffffffffL;
        row[j] = s / 4294967296.0;
      }
    }
    return u;
  }

  static double[][] columns(double[][] v, int from, int to) {
    double[][] some = new double[v.length][];
    for (int i = 0; i < v.length; i++) some[i] = java.util.Arrays.copyOfRange(v[i], from, to);
    return some;
  }

  static double information(double[][] x, double[][] y, int k, int algorithm, boolean scaled)
      throws Exception {
    MutualInfoCalculatorMultiVariate by =
        algorithm == 1
            ? new MutualInfoCalculatorMultiVariateKraskov1()
            : new MutualInfoCalculatorMultiVariateKraskov2();
    by.setProperty("k", "" + k);
    by.setProperty("NORMALISE", "" + scaled);
    by.setProperty("NOISE_LEVEL_TO_ADD", "0");
    by.initialise(x[0].length, y[0].length);
    by.setObservations(x, y);
    return by.computeAverageLocalOfObservations();
  }

  static double given(double[][] x, double[][] y, double[][] z, int k, boolean scaled)
      throws Exception {
    ConditionalMutualInfoCalculatorMultiVariate by =
        new ConditionalMutualInfoCalculatorMultiVariateKraskov1();
    by.setProperty("k", "" + k);
    by.setProperty("NORMALISE", "" + scaled);
    by.setProperty("NOISE_LEVEL_TO_ADD", "0");
    by.initialise(x[0].length, y[0].length, z[0].length);
    by.setObservations(x, y, z);
    return by.computeAverageLocalOfObservations();
  }

  static double transfer(double[] x, double[] y, int lag, int k) throws Exception {
    TransferEntropyCalculatorKraskov by = new TransferEntropyCalculatorKraskov();
    by.setProperty("k", "" + k);
    by.setProperty("NORMALISE", "false");
    by.setProperty("NOISE_LEVEL_TO_ADD", "0");
    by.setProperty("k_HISTORY", "" + lag);
    by.setProperty("l_HISTORY", "" + lag);
    by.setProperty("ALG_NUM", "1");
    by.initialise();
    by.setObservations(x, y);
    return by.computeAverageLocalOfObservations();
  }

  public static void main(String[] none) throws Exception {
    double[][] u = uniform(N, 4), v = new double[N][];
    for (int i = 0; i < N; i++) {
      v[i] = new double[] {u[i][0], u[i][1], u[i][0] + 0.5 * u[i][2], u[i][1] * u[i][0] + 0.5 * u[i][3]};
    }
    int[][] pairs = {{0, 1, 2, 3}, {0, 1, 1, 2}, {0, 2, 2, 4}, {0, 1, 1, 4}};
    for (int[] p : pairs) {
      for (int algorithm = 1; algorithm <= 2; algorithm++) {
        for (boolean scaled : new boolean[] {false, true}) {
          System.out.printf("[%d:%d] [%d:%d] algorithm %d, scaled %b:", p[0], p[1], p[2], p[3], algorithm, scaled);
          for (int k : KS) {
            double[][] x = columns(v, p[0], p[1]), y = columns(v, p[2], p[3]);
            System.out.printf(" %.8f", information(x, y, k, algorithm, scaled));
          }
          System.out.println();
        }
      }
    }
    System.out.print("(0; 3 | 1), as given:");
    for (int k : KS) {
      System.out.printf(" %.8f", given(columns(v, 0, 1), columns(v, 3, 4), columns(v, 1, 2), k, false));
    }
    System.out.print("\n(2; 3 | 0, 1), scaled:");
    for (int k : KS) {
      System.out.printf(" %.8f", given(columns(v, 2, 3), columns(v, 3, 4), columns(v, 0, 2), k, true));
    }
    double[] x = new double[N], y = new double[N];
    for (int t = 1; t < N; t++) {
      x[t] = 0.4 * x[t - 1] + u[t][0];
      y[t] = 0.5 * y[t - 1] + 0.6 * x[t - 1] + u[t][1];
    }
    for (int[] c : new int[][] {{1, 1}, {1, 4}, {2, 4}}) {
      System.out.printf("%nlag %d, k %d: %.8f, back %.8f", c[0], c[1], transfer(x, y, c[0], c[1]), transfer(y, x, c[0], c[1]));
    }
    System.out.println();
  }
}
